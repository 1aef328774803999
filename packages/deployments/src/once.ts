import { CloudSmithError, type AnyEvent } from "@cloudsmith/contracts";
import type { Commit, Store } from "@cloudsmith/store";
import { retryOnConflict } from "./retry-on-conflict.ts";

/**
 * Applies an event once per consumer group: what `decide` returns is committed together with the event's id, so that an
 * event that comes again finds its id and does nothing. `decide` runs again after a lost race.
 */
export function once(store: Store, group: string, event: AnyEvent, decide: () => Promise<Commit>): Promise<void> {
  const mark = { teamId: event.data.teamId, group, eventId: event.id };
  return retryOnConflict(async () => {
    if ((await store.get("processedEvent", mark)) !== undefined) return;
    const commit = await decide();
    try {
      await store.commit({
        ...commit,
        puts: [...(commit.puts ?? []), { entity: "processedEvent", value: mark, if: "absent" }],
      });
    } catch (error) {
      const applied =
        error instanceof CloudSmithError &&
        error.code === "conflict" &&
        (await store.get("processedEvent", mark)) !== undefined;
      if (!applied) throw error;
    }
  });
}
