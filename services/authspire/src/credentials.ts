import { CloudSmithError, newId, type ApiToken } from "@cloudsmith/contracts";
import { retryOnConflict } from "@cloudsmith/deployments";
import type { Stored, SystemStore } from "@cloudsmith/store";
import { createHash, randomBytes } from "node:crypto";
import { rotate, type Rotation } from "./rotation.ts";

/** Who a bearer value belongs to. */
export interface Identity {
  readonly teamId: string;
  readonly userId: string;
  readonly token: ApiToken;
  /** The value that takes the place of the shown one; a browser is given it. */
  readonly renewed?: string;
}

/** A session ends after so many days even when it is used all the time. */
const longestSessionDays = 30;
/** A session's value: the half that names it, in characters, and the one that changes. */
const namingLength = "session_".length + 22;

/** How long each kind lasts when it is not used, in seconds; null never ends by itself. */
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
    const isSession = input.kind === "session";
    const naming = isSession ? randomBytes(16).toString("base64url") : "";
    const value = input.value ?? `${input.kind}_${naming}${randomBytes(32).toString("base64url")}`;
    const now = this.#now();
    const token: ApiToken = {
      teamId: input.teamId,
      id: newId("session"),
      kind: input.kind,
      name: input.name,
      userId: input.userId,
      hash: isSession ? hashOf(value.slice(0, namingLength)) : hashOf(value),
      rotation: isSession
        ? { current: hashOf(value.slice(namingLength)), since: now.toISOString(), next: null, previous: null }
        : null,
      createdAt: now.toISOString(),
      lastUsedAt: now.toISOString(),
      expiresAt: expiryOf(input.kind, now, now),
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

  /**
   * Who a session or token belongs to; undefined for an unknown, ended or revoked one. A session's value is replaced from time to time: the new one comes with the
   * answer, and the shown one stays good until it is seen. One that was replaced long ago ends the session.
   */
  async identify(value: string): Promise<Identity | undefined> {
    const found = await this.#find(value);
    if (found === undefined || found.value.kind === "code") return undefined;
    const { teamId, userId, kind, rotation } = found.value;
    if (kind !== "session" || rotation === null) {
      await this.#touch(found, null);
      return { teamId, userId, token: found.value };
    }
    const step = rotate(rotation, hashOf(value.slice(namingLength)), this.#now());
    if (step.type === "stolen") await this.revoke(teamId, found.value.id).catch(ignoreNotFound);
    if (step.type !== "good") return undefined;
    const next = step.giveNext ? randomBytes(32).toString("base64url") : undefined;
    const changed =
      next === undefined ? step.rotation : { ...rotation, next: { hash: hashOf(next), at: this.#now().toISOString() } };
    const kept = await this.#touch(found, changed ?? null);
    const renewed = next !== undefined && kept ? `${value.slice(0, namingLength)}${next}` : undefined;
    return { teamId, userId, token: found.value, ...(renewed !== undefined && { renewed }) };
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
    const naming = value.startsWith("session_") ? value.slice(0, namingLength) : value;
    const page = await this.#store.scan("tokenByHash", { hash: hashOf(naming) }, { limit: 1 });
    const found = page.items[0];
    return found === undefined || this.#hasEnded(found.value) ? undefined : found;
  }

  /** Writes down that it was used, at most every few minutes, and a rotation at once. False where another request wrote at the same moment. */
  async #touch(found: Stored<"apiToken">, rotation: Rotation | null): Promise<boolean> {
    const now = this.#now();
    const { lastUsedAt, kind, createdAt } = found.value;
    if (rotation === null && now.getTime() - Date.parse(lastUsedAt) < touchSeconds * 1000) return true;
    const value: ApiToken = {
      ...found.value,
      ...(rotation !== null && { rotation }),
      lastUsedAt: now.toISOString(),
      expiresAt: expiryOf(kind, new Date(createdAt), now),
    };
    try {
      await this.#store.commit({ puts: [{ entity: "apiToken", value, if: { version: found.version } }] });
      return true;
    } catch (error) {
      ignoreConflict(error);
      return false;
    }
  }

  /** Ends all sessions of a person, but one if so wanted. Answers their ids. */
  async revokeSessions(person: { teamId: string; userId: string }, keep?: string): Promise<string[]> {
    const sessions = (await this.list(person.teamId)).filter(
      ({ kind, userId, id }) => kind === "session" && userId === person.userId && id !== keep,
    );
    for (const { id } of sessions) await this.revoke(person.teamId, id).catch(ignoreNotFound);
    return sessions.map(({ id }) => id);
  }
}

/** When a value ends that is used now. */
function expiryOf(kind: ApiToken["kind"], createdAt: Date, now: Date): string | null {
  const lifetime = lifetimes[kind];
  if (lifetime === null) return null;
  const idle = now.getTime() + lifetime * 1000;
  const longest = createdAt.getTime() + longestSessionDays * 24 * 3_600_000;
  return new Date(Math.min(idle, longest)).toISOString();
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof CloudSmithError) || error.code !== "not-found") throw error;
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
