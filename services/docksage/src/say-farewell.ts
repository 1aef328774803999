import type { Release } from "@cloudsmith/contracts";
import { endLog } from "@cloudsmith/logs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DocksageContext } from "./context.ts";
import { environmentsOf } from "./listing.ts";

/** Retired releases of each environment that a fresh process looks at: what ended while none ran. */
const lookedBack = 5;
/** One that was seen stopped was seen off, unless it was stopped before it retired; that is looked after for so long, in milliseconds. */
const lookedBackMs = 24 * 3600_000;
/** Environments looked at in one go before other work gets a turn. */
const turn = 50;

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
    const { store, target, now } = this.#context;
    const lately = new Date(now().getTime() - lookedBackMs).toISOString();
    let looked = 0;
    for await (const { value } of environmentsOf(store, target.name)) {
      const { items } = await store.list(
        "releasesOfEnvironment",
        { teamId: value.teamId, environmentId: value.id },
        { limit: lookedBack, order: "descending" },
      );
      for (const { value: release } of items)
        if (release.retiredAt !== null && (release.observed.state !== "stopped" || release.retiredAt > lately))
          this.#leaving.set(release.id, release);
      if (++looked % turn === 0) await nextTurn();
    }
    this.#hasLookedBack = true;
  }
}
