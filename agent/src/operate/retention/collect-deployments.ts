import { isSettled, type Deployment, type Environment } from "@cloudsmith/contracts";
import { jobId } from "@cloudsmith/deployments";
import { maxCommitItems, type Delete } from "@cloudsmith/store";
import { choose } from "./choose.ts";
import { isLostRace, pause, type Collection } from "./collection.ts";
import { allOf } from "./pages.ts";

/** Items of one commit, so that there is room for what goes with the deployment itself. */
const batch = maxCommitItems - 20;

/** Deletes the deployments of an environment that are not kept. Gives those that are, and of these the ones whose artifacts are. */
export async function collectDeployments(
  collection: Collection,
  environment: Environment,
): Promise<{ kept: Deployment[]; withArtifact: readonly Deployment[]; removed: number }> {
  const { store, retention, now } = collection;
  const { teamId, id: environmentId } = environment;
  const all: Deployment[] = [];
  const pages = allOf((page) =>
    store.list("deploymentsOfEnvironment", { teamId, environmentId }, { ...page, order: "descending" }),
  );
  for await (const { value } of pages) all.push(value);
  const { remove, withArtifact } = choose(environment, all, retention, now);
  const gone = new Set<string>();
  // Oldest first: whatever interrupts it leaves a history without holes.
  for (const deployment of remove.toReversed()) {
    if (await removeDeployment(collection, deployment)) gone.add(deployment.id);
    await pause(collection);
  }
  return { kept: all.filter((each) => !gone.has(each.id)), withArtifact, removed: gone.size };
}

/**
 * Deletes one deployment with all that was written about it; false where something of it is still at work. Its logs and the beginning of a very long
 * timeline go first, the rest in one commit: killed in the middle, it is still there and goes next time.
 */
async function removeDeployment(collection: Collection, deployment: Deployment): Promise<boolean> {
  const { store } = collection;
  const { teamId, id } = deployment;
  const stored = await store.get("deployment", { teamId, id });
  if (stored === undefined || !isSettled(stored.value.state)) return false;
  if (await isAtWork(collection, deployment)) return false;
  await removeLogs(collection, deployment);
  const timeline: Delete[] = [];
  for await (const { value } of allOf((page) => store.list("timelineOfDeployment", { teamId, deploymentId: id }, page)))
    timeline.push({ entity: "timelineEntry", value, if: "present" });
  try {
    for (; timeline.length > batch;) await store.commit({ deletes: timeline.splice(0, batch) });
    const deletes: Delete[] = [
      { entity: "deployment", value: stored.value, if: { version: stored.version } },
      ...timeline,
      ...(await partsOf(collection, deployment)),
    ];
    await store.commit({ deletes });
    return true;
  } catch (error) {
    if (isLostRace(error)) return false;
    throw error;
  }
}

/** Its release still runs, or its build goes on for another deployment that joined it, with this one's configuration. */
async function isAtWork({ store }: Collection, { teamId, releaseId, buildId }: Deployment): Promise<boolean> {
  const release = releaseId === null ? undefined : await store.get("release", { teamId, id: releaseId });
  const build = buildId === null ? undefined : await store.get("build", { teamId, id: buildId });
  const builds = build !== undefined && (build.value.state === "queued" || build.value.state === "running");
  return builds || (release !== undefined && release.value.retiredAt === null);
}

async function removeLogs({ logs }: Collection, { teamId, id, releaseId }: Deployment): Promise<void> {
  await logs.delete({ teamId, id: `prepare/${id}` });
  await logs.delete({ teamId, id: `release-step/${id}` });
  if (releaseId !== null) await logs.delete({ teamId, id: `release/${releaseId}` });
}

/** What belongs to a deployment alone, as far as it is there. */
async function partsOf({ store }: Collection, deployment: Deployment): Promise<Delete[]> {
  const { teamId, id, environmentId, snapshotId, releaseId, requestKey } = deployment;
  const deletes: Delete[] = [];
  const snapshot = await store.get("snapshot", { teamId, id: snapshotId });
  if (snapshot !== undefined) deletes.push({ entity: "snapshot", value: snapshot.value, if: "present" });
  const release = releaseId === null ? undefined : await store.get("release", { teamId, id: releaseId });
  if (release !== undefined)
    deletes.push({ entity: "release", value: release.value, if: { version: release.version } });
  for (const queue of ["prepare", "release"] as const) {
    const job = await store.get("job", { teamId, id: jobId(queue, id) });
    if (job !== undefined) deletes.push({ entity: "job", value: job.value, if: { version: job.version } });
  }
  if (requestKey === null) return deletes;
  const claim = await store.get("claim", { teamId, scope: `request-key#${environmentId}`, name: requestKey });
  if (claim?.value.owner === id) deletes.push({ entity: "claim", value: claim.value, if: "present" });
  return deletes;
}
