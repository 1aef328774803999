import type { Release } from "@cloudsmith/contracts";
import { retryOnConflict } from "@cloudsmith/deployments";
import { newEvent } from "@cloudsmith/events";
import type { DocksageOptions } from "./docksage.ts";
import { currentReleases } from "./listing.ts";
import { Farewells } from "./say-farewell.ts";
import type { Observation, Target } from "./targets/target.ts";
import { isDeepStrictEqual } from "node:util";

/** Writes what the target sees onto the releases whenever it differs, so that everyone reads it from the store. */
export async function recordObservations(options: DocksageOptions): Promise<void> {
  const { store, target, signal, onError } = options;
  const farewells = new Farewells(options);
  while (!signal.aborted) {
    const changed = target.changed(AbortSignal.any([signal, AbortSignal.timeout(10_000)]));
    try {
      const current: Release[] = [];
      for await (const { value } of currentReleases(store)) current.push(value);
      for (const release of current) await record(options, release);
      for (const release of await farewells.after(current)) await record(options, release);
    } catch (error) {
      onError(error);
    }
    await changed;
  }
}

async function record(options: DocksageOptions, known: Release): Promise<void> {
  if (news(options.target, known) === undefined) return;
  await retryOnConflict(async () => {
    const stored = await options.store.get("release", known);
    const next = stored === undefined ? undefined : news(options.target, stored.value);
    if (stored === undefined || next === undefined) return;
    const { teamId, projectId, environmentId, id: releaseId } = stored.value;
    const value: Release = {
      ...stored.value,
      observed: { ...next, at: options.now().toISOString() },
    };
    await options.store.commit({
      puts: [{ entity: "release", value, if: { version: stored.version } }],
      events: [
        newEvent("release.changed", { teamId, projectId, environmentId, releaseId }, { partitionkey: environmentId }),
      ],
    });
  });
}

/** What the target sees, where that differs from what is written down. */
function news(target: Target, release: Release): Omit<Release["observed"], "at"> | undefined {
  const { at: _at, ...known } = release.observed;
  const next = nextObserved(target, release);
  return isDeepStrictEqual(next, known) ? undefined : next;
}

/** What to write down; undefined while nothing is known. A release that was seen and that its target does not run any more has stopped. */
function nextObserved(target: Target, release: Release): Omit<Release["observed"], "at"> | undefined {
  const observation = target.observed(release.id);
  if (observation === undefined) {
    const { state, restarts } = release.observed;
    if (state === "unknown" || !target.isWatching()) return undefined;
    return { state: "stopped", port: null, restarts, url: null, plainUrl: null, detail: null };
  }
  const { state, port, restarts, url, plainUrl } = observation;
  return { state, port, restarts, url, plainUrl, detail: state === "crashing" ? detailOf(observation) : null };
}

/** How it ended, and the last lines it wrote. */
function detailOf(observation: Observation): string {
  const { exit, reason, lastLines } = observation;
  const how =
    exit === null
      ? (reason ?? "not running")
      : exit.signal === null
        ? `exited with code ${exit.code}`
        : `killed by ${exit.signal}`;
  return [how, ...lastLines.slice(-12)].join("\n");
}
