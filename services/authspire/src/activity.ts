import { newId, type Activity, type Actor } from "@cloudsmith/contracts";
import { newEvent } from "@cloudsmith/events";
import type { Store } from "@cloudsmith/store";

/** Writes down who did what. */
export async function recordActivity(
  store: Store,
  entry: {
    teamId: string;
    actor: Actor;
    action: string;
    projectId: string | null;
    subject: string;
    detail: string;
    now: Date;
  },
): Promise<void> {
  const { now, ...rest } = entry;
  const value: Activity = { ...rest, id: newId("activity"), at: now.toISOString() };
  await store.commit({
    puts: [{ entity: "activity", value, if: "absent" }],
    events: [
      newEvent(
        "activity.recorded",
        { teamId: entry.teamId, projectId: entry.projectId, activityId: value.id },
        { partitionkey: entry.teamId },
      ),
    ],
  });
}
