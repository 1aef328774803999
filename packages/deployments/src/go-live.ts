import type { Commit, Put, Store, Stored } from "@cloudsmith/store";
import { newEvent } from "@cloudsmith/events";
import type { Environment, PlanWarning, Release } from "@cloudsmith/contracts";
import { moveDeployment } from "./move.ts";

/**
 * The one commit with which a deployment goes live: the live pointer moves to its release and the predecessor retires, or,
 * where a newer deployment is live already, it ends superseded and its own release retires.
 */
export async function goLiveCommit(
  store: Store,
  deployment: Stored<"deployment">,
  release: Stored<"release">,
  now: Date,
  warnings: readonly PlanWarning[] = [],
): Promise<{ commit: Commit; outcome: "live" | "superseded" }> {
  const environment = await store.get("environment", {
    teamId: deployment.value.teamId,
    id: deployment.value.environmentId,
  });
  const live = environment?.value.live ?? null;
  const isBehind = live !== null && live.sequence > deployment.value.sequence;
  // Destroying its project retires a release.
  const isUnwanted = environment === undefined || release.value.retiredAt !== null;
  if (environment === undefined || isUnwanted || isBehind) {
    const change = moveDeployment(
      deployment,
      { type: "supersede" },
      {
        now,
        patch: { supersededBy: isBehind ? live.deploymentId : null },
        entry: {
          type: "state",
          message: isBehind
            ? `Superseded: deployment ${live.sequence} is live already`
            : "Its release is not wanted any more",
        },
      },
    );
    return { outcome: "superseded", commit: { puts: [...change.puts, retired(release, now)], events: change.events } };
  }
  const change = moveDeployment(
    deployment,
    { type: "go-live" },
    {
      now,
      patch: { warnings: [...deployment.value.warnings, ...warnings] },
      entry: { type: "state", message: "Live" },
    },
  );
  const value: Environment = {
    ...environment.value,
    live: { deploymentId: deployment.value.id, releaseId: release.value.id, sequence: deployment.value.sequence },
  };
  const predecessor =
    live === null ? undefined : await store.get("release", { teamId: value.teamId, id: live.releaseId });
  const { teamId, projectId, id: environmentId } = value;
  return {
    outcome: "live",
    commit: {
      puts: [
        ...change.puts,
        { entity: "environment", value, if: { version: environment.version } },
        ...(predecessor === undefined || predecessor.value.id === release.value.id ? [] : [retired(predecessor, now)]),
      ],
      // The release must still be wanted: destroying its project retires and deletes it.
      checks: [{ entity: "release", value: release.value, if: { version: release.version } }],
      events: [
        ...change.events,
        newEvent(
          "environment.changed",
          { teamId, projectId, environmentId, version: environment.version + 1 },
          { partitionkey: environmentId },
        ),
      ],
    },
  };
}

/** The write that retires a release: it should be stopped and is not looked after any more. */
export function retired(release: Stored<"release">, now: Date): Put {
  const value: Release = { ...release.value, desired: "stopped", retiredAt: now.toISOString() };
  return { entity: "release", value, if: { version: release.version } };
}
