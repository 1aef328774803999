import { CloudSmithError, newId, type Actor, type SignInFlow } from "@cloudsmith/contracts";
import type { Stored, SystemStore } from "@cloudsmith/store";
import { createHash, randomBytes } from "node:crypto";

const flowMinutes = 15;

export interface NewFlow {
  readonly teamId: string;
  readonly step: SignInFlow["step"];
  readonly credentialId: string | null;
  readonly organization: string | null;
  readonly verifier: string | null;
  readonly redirectUrl: string;
  readonly returnTo: string | null;
  readonly createdBy: Actor;
}

/** Sign-ins that are under way. Only the SHA-256 of their `state` is stored, and each is good for one answer. */
export class Flows {
  readonly #store: SystemStore;
  readonly #now: () => Date;

  constructor(store: SystemStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  async begin(input: NewFlow): Promise<{ flow: SignInFlow; state: string }> {
    const { value: state, hash } = newState();
    const now = this.#now();
    const flow: SignInFlow = {
      ...input,
      id: newId("flow"),
      state: "waiting",
      stateHash: hash,
      problem: null,
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + flowMinutes * 60_000).toISOString(),
    };
    await this.#store.commit({ puts: [{ entity: "signInFlow", value: flow, if: "absent" }] });
    await this.#clearEnded(input.teamId);
    return { flow, state };
  }

  /** The flow of a `state` without using it up. Throws `invalid-input` for one that was used, has ended or never was. */
  async peek(state: string): Promise<SignInFlow> {
    return (await this.#find(state)).value;
  }

  /** Uses a `state` up: of two answers that come with it, one is taken. */
  async take(state: string): Promise<SignInFlow> {
    const { value, version } = await this.#find(state);
    const taken: SignInFlow = { ...value, stateHash: newState().hash };
    try {
      await this.#store.commit({ puts: [{ entity: "signInFlow", value: taken, if: { version } }] });
    } catch (error) {
      throw error instanceof CloudSmithError && error.code === "conflict" ? usedUp() : error;
    }
    return taken;
  }

  /** Goes on to another step, with a `state` of its own. */
  async next(flow: SignInFlow, change: Partial<SignInFlow>): Promise<{ flow: SignInFlow; state: string }> {
    const { value: state, hash } = newState();
    const value: SignInFlow = { ...flow, ...change, stateHash: hash };
    await this.#store.commit({ puts: [{ entity: "signInFlow", value, if: "present" }] });
    return { flow: value, state };
  }

  async settle(flow: SignInFlow, change: Partial<SignInFlow> & Pick<SignInFlow, "state">): Promise<SignInFlow> {
    const value: SignInFlow = { ...flow, ...change };
    await this.#store.commit({ puts: [{ entity: "signInFlow", value, if: "present" }] });
    return value;
  }

  async #find(state: string): Promise<Stored<"signInFlow">> {
    const page = await this.#store.scan("flowByState", { stateHash: hashOf(state) }, { limit: 1 });
    const found = page.items[0];
    if (found === undefined || found.value.state !== "waiting") throw usedUp();
    if (found.value.expiresAt <= this.#now().toISOString()) throw usedUp();
    return found;
  }

  /** Flows that nobody finished would pile up. */
  async #clearEnded(teamId: string): Promise<void> {
    const dayAgo = new Date(this.#now().getTime() - 24 * 3_600_000).toISOString();
    const page = await this.#store.list("flowsOfTeam", { teamId }, { limit: 200 });
    const ended = page.items.filter(({ value }) => value.expiresAt < dayAgo).slice(0, 50);
    if (ended.length === 0) return;
    const deletes = ended.map(({ value, version }) => ({ entity: "signInFlow" as const, value, if: { version } }));
    await this.#store.commit({ deletes }).catch((error: unknown) => {
      // Somebody else clears at the same moment.
      if (!(error instanceof CloudSmithError) || error.code !== "conflict") throw error;
    });
  }
}

function newState(): { value: string; hash: string } {
  const value = randomBytes(32).toString("base64url");
  return { value, hash: hashOf(value) };
}

function hashOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

function usedUp(): CloudSmithError {
  return new CloudSmithError("invalid-input", "This sign-in cannot go on", {
    why: `It was finished already, is older than ${flowMinutes} minutes, or was not begun here`,
    fix: "Begin it again under Settings, Accounts, or with: cloudsmith github connect",
  });
}
