import type { Release } from "@cloudsmith/contracts";
import { endLog } from "@cloudsmith/logs";
import type { DocksageContext } from "./context.ts";

/** Retired releases of each environment that a fresh process looks at: what ended while none ran. */
const lookedBack = 5;

/**
 * Watches releases leave: once one that retired runs no more its log is ended, also where the process that wrote it was killed, so that
 * nobody follows it for ever.
 */
export class Farewells {
  readonly #context: DocksageContext;
  #current = new Map<string, Release>();
  readonly #leaving = new Map<string, Release>();
  #hasLookedBack = false;

  constructor(context: DocksageContext) {
    this.#context = context;
  }

  /** Tells which releases are current now. Resolves with those that have left for good since. */
  async after(current: readonly Release[]): Promise<Release[]> {
    await this.#lookBack();
    const now = new Map(current.map((each) => [each.id, each]));
    for (const [id, release] of this.#current) if (!now.has(id)) this.#leaving.set(id, release);
    this.#current = now;
    const gone: Release[] = [];
    for (const release of this.#leaving.values()) {
      const { target, logs } = this.#context;
      if (!target.isWatching() || (target.observed(release.id) ?? { state: "stopped" }).state !== "stopped") continue;
      if (!(await endLog(logs, { teamId: release.teamId, id: `release/${release.id}` }))) continue;
      this.#leaving.delete(release.id);
      gone.push(release);
    }
    return gone;
  }

  async #lookBack(): Promise<void> {
    if (this.#hasLookedBack) return;
    const { store, target } = this.#context;
    for (let cursor: string | undefined; ;) {
      const page = await store.scan(
        "environmentsOfTarget",
        { target: target.name },
        { limit: 500, ...(cursor !== undefined && { cursor }) },
      );
      for (const { value } of page.items) {
        const { items } = await store.list(
          "releasesOfEnvironment",
          { teamId: value.teamId, environmentId: value.id },
          { limit: lookedBack, order: "descending" },
        );
        for (const { value: release } of items) if (release.retiredAt !== null) this.#leaving.set(release.id, release);
      }
      if (page.cursor === undefined) break;
      cursor = page.cursor;
    }
    this.#hasLookedBack = true;
  }
}
