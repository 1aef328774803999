import type { Release } from "@cloudsmith/contracts";
import { retryOnConflict } from "@cloudsmith/deployments";
import { newEvent } from "@cloudsmith/events";
import type { DocksageOptions } from "./docksage.ts";
import type { Observation } from "./targets/target.ts";

/** Writes what the target sees onto the releases whenever it differs, so that everyone reads it from the store. */
export async function recordObservations(options: DocksageOptions): Promise<void> {
  const { store, target, signal, onError } = options;
  while (!signal.aborted) {
    const changed = target.changed(AbortSignal.any([signal, AbortSignal.timeout(10_000)]));
    try {
      for (let cursor: string | undefined; ;) {
        const page = await store.scan("currentReleases", {}, { limit: 500, ...(cursor !== undefined && { cursor }) });
        for (const { value } of page.items) await record(options, value);
        if (page.cursor === undefined) break;
        cursor = page.cursor;
      }
    } catch (error) {
      onError(error);
    }
    await changed;
  }
}

async function record(options: DocksageOptions, known: Release): Promise<void> {
  const observation = options.target.observed(known.id);
  if (observation === undefined || same(known.observed, observation)) return;
  await retryOnConflict(async () => {
    const stored = await options.store.get("release", known);
    if (stored === undefined || same(stored.value.observed, observation)) return;
    const { teamId, projectId, environmentId, id: releaseId } = stored.value;
    const value: Release = {
      ...stored.value,
      observed: { ...observedOf(observation), at: options.now().toISOString() },
    };
    await options.store.commit({
      puts: [{ entity: "release", value, if: { version: stored.version } }],
      events: [
        newEvent("release.changed", { teamId, projectId, environmentId, releaseId }, { partitionkey: environmentId }),
      ],
    });
  });
}

function observedOf(observation: Observation): Omit<Release["observed"], "at"> {
  const { state, port, restarts, url, plainUrl } = observation;
  return { state, port, restarts, url, plainUrl, detail: state === "crashing" ? detailOf(observation) : null };
}

function same(known: Release["observed"], observation: Observation): boolean {
  const next = observedOf(observation);
  return (
    known.state === next.state &&
    known.port === next.port &&
    known.restarts === next.restarts &&
    known.url === next.url &&
    known.plainUrl === next.plainUrl &&
    known.detail === next.detail
  );
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
