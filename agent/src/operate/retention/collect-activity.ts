import { pause, type Collection } from "./collection.ts";

const batch = 90;

/** Deletes what was written down of who did what longer ago than it is kept. Returns how many entries went. */
export async function collectActivity(collection: Collection, teamId: string): Promise<number> {
  const { store, retention, now } = collection;
  const before = new Date(now.getTime() - retention.activityDays * 24 * 3600_000).toISOString();
  let removed = 0;
  for (;;) {
    // Ids are ordered by time, so the oldest come first.
    const { items } = await store.list("activityOfTeam", { teamId }, { limit: batch });
    const old = items.filter(({ value }) => value.at < before);
    if (old.length === 0) return removed;
    await store.commit({ deletes: old.map(({ value }) => ({ entity: "activity", value, if: "present" })) });
    removed += old.length;
    await pause(collection);
  }
}
