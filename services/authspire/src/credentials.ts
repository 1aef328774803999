import { CloudSmithError, newId, type ApiToken } from "@cloudsmith/contracts";
import { retryOnConflict } from "@cloudsmith/deployments";
import type { Stored, SystemStore } from "@cloudsmith/store";
import { createHash, randomBytes } from "node:crypto";

/** Who a bearer value belongs to. */
export interface Identity {
  readonly teamId: string;
  readonly userId: string;
  readonly token: ApiToken;
}

/** How long each kind lasts, in seconds; null never ends by itself. */
const lifetimes: Record<ApiToken["kind"], number | null> = { code: 60, session: 12 * 3600, token: null };
/** A session that is used is prolonged, and "last used" is written, at most this often, in seconds. */
const touchSeconds = 300;

/** Bearer values of programs, browser sessions and sign-in codes. Only their SHA-256 is stored. */
export class Credentials {
  readonly #store: SystemStore;
  readonly #now: () => Date;

  constructor(store: SystemStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** Makes a bearer value of 256 random bits, or registers the given one. It is returned once and cannot be read again. */
  async issue(input: {
    kind: ApiToken["kind"];
    teamId: string;
    userId: string;
    name: string;
    value?: string;
  }): Promise<{ value: string; token: ApiToken }> {
    const value = input.value ?? `${input.kind}_${randomBytes(32).toString("base64url")}`;
    const now = this.#now();
    const lifetime = lifetimes[input.kind];
    const token: ApiToken = {
      teamId: input.teamId,
      id: newId("session"),
      kind: input.kind,
      name: input.name,
      userId: input.userId,
      hash: hashOf(value),
      createdAt: now.toISOString(),
      lastUsedAt: now.toISOString(),
      expiresAt: lifetime === null ? null : new Date(now.getTime() + lifetime * 1000).toISOString(),
    };
    await this.#store.commit({ puts: [{ entity: "apiToken", value: token, if: "absent" }] });
    await this.#clearEnded(input.teamId);
    return { value, token };
  }

  /** Removes what has ended: codes that nobody used would pile up. */
  async #clearEnded(teamId: string): Promise<void> {
    const page = await this.#store.list("tokensOfTeam", { teamId }, { limit: 1000 });
    const ended = page.items.filter((item) => this.#hasEnded(item.value)).slice(0, 50);
    if (ended.length === 0) return;
    const deletes = ended.map(({ value, version }) => ({ entity: "apiToken" as const, value, if: { version } }));
    // Somebody else clears at the same moment, or prolongs one: the next issue looks again.
    await this.#store.commit({ deletes }).catch(ignoreConflict);
  }

  #hasEnded(token: ApiToken): boolean {
    return token.expiresAt !== null && token.expiresAt <= this.#now().toISOString();
  }

  /** Who a session or token belongs to; undefined for an unknown, ended or revoked one. */
  async identify(value: string): Promise<Identity | undefined> {
    const found = await this.#find(value);
    if (found === undefined || found.value.kind === "code") return undefined;
    await this.#touch(found);
    return { teamId: found.value.teamId, userId: found.value.userId, token: found.value };
  }

  /** Trades a sign-in code for a session, once. Throws `not-signed-in` for a code that was used, has ended or never was. */
  async redeem(code: string, name: string): Promise<{ value: string; token: ApiToken }> {
    const found = await this.#find(code);
    if (found === undefined || found.value.kind !== "code") throw badCode();
    try {
      await this.#store.commit({
        deletes: [{ entity: "apiToken", value: found.value, if: { version: found.version } }],
      });
    } catch (error) {
      throw error instanceof CloudSmithError && error.code === "conflict" ? badCode() : error;
    }
    return this.issue({ kind: "session", teamId: found.value.teamId, userId: found.value.userId, name });
  }

  /** Sessions and tokens of a team, newest use first. */
  async list(teamId: string): Promise<ApiToken[]> {
    const page = await this.#store.list("tokensOfTeam", { teamId }, { limit: 1000 });
    return page.items
      .map((item) => item.value)
      .filter((token) => token.kind !== "code" && !this.#hasEnded(token))
      .sort((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));
  }

  /** Ends a session or token. Throws `not-found`. */
  async revoke(teamId: string, id: string): Promise<void> {
    await retryOnConflict(async () => {
      const found = await this.#store.get("apiToken", { teamId, id });
      if (found === undefined) throw new CloudSmithError("not-found", "There is no such session");
      await this.#store.commit({
        deletes: [{ entity: "apiToken", value: found.value, if: { version: found.version } }],
      });
    });
  }

  async #find(value: string): Promise<Stored<"apiToken"> | undefined> {
    const page = await this.#store.scan("tokenByHash", { hash: hashOf(value) }, { limit: 1 });
    const found = page.items[0];
    return found === undefined || this.#hasEnded(found.value) ? undefined : found;
  }

  async #touch(found: Stored<"apiToken">): Promise<void> {
    const now = this.#now();
    if (now.getTime() - Date.parse(found.value.lastUsedAt) < touchSeconds * 1000) return;
    const lifetime = lifetimes[found.value.kind];
    const value: ApiToken = {
      ...found.value,
      lastUsedAt: now.toISOString(),
      expiresAt: lifetime === null ? null : new Date(now.getTime() + lifetime * 1000).toISOString(),
    };
    await this.#store
      .commit({ puts: [{ entity: "apiToken", value, if: { version: found.version } }] })
      // Another request wrote it at the same moment.
      .catch(ignoreConflict);
  }
}

function ignoreConflict(error: unknown): void {
  if (!(error instanceof CloudSmithError) || error.code !== "conflict") throw error;
}

function hashOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

function badCode(): CloudSmithError {
  return new CloudSmithError("not-signed-in", "This sign-in code does not work", {
    why: "A code is good for 60 seconds and for one use",
    fix: "Ask for a new one: cloudsmith open --ui",
  });
}
