import type { Build, Deployment } from "@cloudsmith/contracts";
import { newEvent } from "@cloudsmith/events";
import type { Commit, Put, Store } from "@cloudsmith/store";
import { jobId } from "./jobs.ts";

/** Deployments that wait for a build stand as claims in this scope, by their ids. */
export const waiterScope = (buildId: string): string => `waiters#${buildId}`;

/** The write with which a deployment waits for a build. */
export function waitForBuild(deployment: Deployment, buildId: string): Put {
  return {
    entity: "claim",
    if: "any",
    value: { teamId: deployment.teamId, scope: waiterScope(buildId), name: deployment.id, owner: deployment.id },
  };
}

/** The ids of the deployments that wait for a build. */
export async function waitersOf(store: Store, build: { teamId: string; id: string }): Promise<string[]> {
  const page = await store.list(
    "claimsOfScope",
    { teamId: build.teamId, scope: waiterScope(build.id) },
    { limit: 1000 },
  );
  return page.items.map((item) => item.value.name);
}

/** The writes with which a deployment stops waiting; the last one to leave cancels the build. */
export async function leaveBuild(store: Store, deployment: Deployment, now: Date): Promise<Commit> {
  const { teamId, buildId } = deployment;
  if (buildId === null) return {};
  const key = { teamId, scope: waiterScope(buildId), name: deployment.id, owner: deployment.id };
  const claim = await store.get("claim", key);
  const deletes = claim === undefined ? [] : [{ entity: "claim" as const, value: key, if: { version: claim.version } }];
  const others = (await waitersOf(store, { teamId, id: buildId })).filter((id) => id !== deployment.id);
  const build = await store.get("build", { teamId, id: buildId });
  if (build === undefined || (build.value.state !== "queued" && build.value.state !== "running")) return { deletes };
  // Written unchanged: of two that leave at the same moment one loses, looks again and finds itself the last.
  if (others.length > 0)
    return { deletes, puts: [{ entity: "build", value: build.value, if: { version: build.version } }] };
  const job = await store.get("job", { teamId, id: jobId("build", buildId) });
  // Writing the build makes this lose against a deployment that joins it at the same moment, and the other way round.
  const value: Build = { ...build.value, state: "canceled", finishedAt: now.toISOString() };
  const puts: Put[] = [{ entity: "build", value, if: { version: build.version } }];
  if (job?.value.state === "claimed")
    puts.push({ entity: "job", value: { ...job.value, cancelRequested: true }, if: { version: job.version } });
  if (job?.value.state === "ready")
    puts.push({ entity: "job", value: { ...job.value, state: "canceled" }, if: { version: job.version } });
  const finished = newEvent(
    "build.finished",
    { teamId, projectId: value.projectId, buildId, state: value.state },
    { partitionkey: value.projectId },
  );
  return { puts, deletes, events: [finished] };
}
