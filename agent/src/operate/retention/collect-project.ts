import type { Deployment, Environment, Project, SecretVersion } from "@cloudsmith/contracts";
import { jobId, waiterScope } from "@cloudsmith/deployments";
import type { Delete, Stored } from "@cloudsmith/store";
import { graceMs } from "./choose.ts";
import { collectDeployments } from "./collect-deployments.ts";
import { isLostRace, pause, type Collection } from "./collection.ts";
import { allOf } from "./pages.ts";

/** Blobs that something kept still names; by digest. */
export interface UsedBlobs {
  readonly sources: Set<string>;
  readonly artifacts: Set<string>;
}

/** Deletes of a project what its retention does not keep, and notes which blobs the rest needs. Returns how many records went. */
export async function collectProject(collection: Collection, project: Project, used: UsedBlobs): Promise<number> {
  const { store } = collection;
  const { teamId, id: projectId } = project;
  // Read before the deployments that may name them: what comes in between has another version, or is young.
  const builds = await listed(allOf((page) => store.list("buildsOfProject", { teamId, projectId }, page)));
  const sources = await listed(allOf((page) => store.list("sourcesOfProject", { teamId, projectId }, page)));
  const environments = await listed(allOf((page) => store.list("environmentsOfProject", { teamId, projectId }, page)));
  const kept: Deployment[] = [];
  let removed = 0;
  // Removed by `destroy`, which needs no help.
  if (project.state === "destroying") return removed;
  for (const { value: environment } of environments) {
    const secrets = await secretVersions(collection, environment);
    const ofEnvironment = await collectDeployments(collection, environment);
    kept.push(...ofEnvironment.kept);
    for (const { artifact } of ofEnvironment.withArtifact) if (artifact !== null) used.artifacts.add(artifact);
    removed += ofEnvironment.removed;
    removed += await collectSecrets(collection, environment, secrets, ofEnvironment.kept);
    await pause(collection);
  }
  removed += await collectBuilds(collection, builds, new Set(kept.map((each) => each.buildId)));
  removed += await collectSources(collection, sources, new Set(kept.map((each) => each.sourceId)), used);
  return removed;
}

async function collectBuilds(
  collection: Collection,
  builds: readonly Stored<"build">[],
  used: ReadonlySet<string | null>,
): Promise<number> {
  const { store, logs } = collection;
  let removed = 0;
  for (const { value, version } of builds) {
    const { teamId, id } = value;
    const isOpen = value.state === "queued" || value.state === "running";
    if (isOpen || used.has(id) || isYoung(collection, value.finishedAt ?? value.createdAt)) continue;
    const key = await store.get("claim", { teamId, scope: "build-key", name: value.key });
    const job = await store.get("job", { teamId, id: jobId("build", id) });
    const waiters = await listed(
      allOf((page) => store.list("claimsOfScope", { teamId, scope: waiterScope(id) }, page)),
    );
    const deletes: Delete[] = [
      { entity: "build", value, if: { version } },
      ...(job === undefined ? [] : [{ entity: "job", value: job.value, if: "present" } satisfies Delete]),
      ...(key?.value.owner === id ? [{ entity: "claim", value: key.value, if: "present" } satisfies Delete] : []),
      ...waiters.slice(0, 80).map((claim): Delete => ({ entity: "claim", value: claim.value, if: "present" })),
    ];
    await logs.delete({ teamId, id: `build/${id}` });
    removed += await removeUnlessUsed(collection, deletes);
  }
  return removed;
}

async function collectSources(
  collection: Collection,
  sources: readonly Stored<"source">[],
  used: ReadonlySet<string | null>,
  blobs: UsedBlobs,
): Promise<number> {
  let removed = 0;
  for (const { value, version } of sources) {
    const isUsed = used.has(value.id) || isYoung(collection, value.createdAt);
    if (isUsed) blobs.sources.add(value.digest);
    else removed += await removeUnlessUsed(collection, [{ entity: "source", value, if: { version } }]);
  }
  return removed;
}

async function secretVersions({ store }: Collection, { teamId, id: environmentId }: Environment) {
  return listed(allOf((page) => store.list("secretVersionsOfEnvironment", { teamId, environmentId }, page)));
}

/** Deletes versions that neither the environment nor a kept deployment names, nor any of those would go over to because theirs was revoked. */
async function collectSecrets(
  collection: Collection,
  { teamId, id: environmentId }: Environment,
  versions: readonly Stored<"secretVersion">[],
  kept: readonly Deployment[],
): Promise<number> {
  if (versions.every(({ value }) => isYoung(collection, value.createdAt))) return 0;
  const { store, secrets } = collection;
  // Read again after the versions: what was named since is young.
  const environment = await store.get("environment", { teamId, id: environmentId });
  if (environment === undefined) return 0;
  const named = Object.values(environment.value.secrets).map((each) => each.version);
  for (const { snapshotId } of kept) {
    const snapshot = await store.get("snapshot", { teamId, id: snapshotId });
    named.push(...Object.values(snapshot?.value.secrets ?? {}).map((each) => each.version));
  }
  const used = withSuccessors(named, new Map(versions.map(({ value }) => [value.id, value])));
  let removed = 0;
  for (const { value, version } of versions) {
    if (used.has(value.id) || isYoung(collection, value.createdAt)) continue;
    // Its value first: a record without one is found again, a value without a record would not be.
    await secrets.delete({ teamId }, [value.id]);
    removed += await removeUnlessUsed(collection, [{ entity: "secretVersion", value, if: { version } }]);
  }
  return removed;
}

function withSuccessors(named: readonly string[], byId: ReadonlyMap<string, SecretVersion>): Set<string> {
  const used = new Set<string>();
  for (const id of named)
    for (let next: string | null = id; next !== null && !used.has(next); next = byId.get(next)?.successor ?? null)
      used.add(next);
  return used;
}

async function removeUnlessUsed(collection: Collection, deletes: readonly Delete[]): Promise<0 | 1> {
  try {
    await pause(collection);
    await collection.store.commit({ deletes });
    return 1;
  } catch (error) {
    if (isLostRace(error)) return 0;
    throw error;
  }
}

function isYoung({ now }: Collection, at: string): boolean {
  return Date.parse(at) > now.getTime() - graceMs;
}

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items);
}
