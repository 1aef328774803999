import { CloudSmithError, type Project } from "@cloudsmith/contracts";
import {
  cancelDeployment,
  retired,
  retryOnConflict,
  unsettledOf,
  waiterScope,
  type JobHandler,
  type Lease,
} from "@cloudsmith/deployments";
import type { Delete, EntityName, Page, PatternArgs, PatternEntity, PatternName, Stored } from "@cloudsmith/store";
import { setTimeout as wait } from "node:timers/promises";
import type { DocksageContext } from "./context.ts";

/** Removes a project and everything of it. Each step may be repeated: a destroy that was interrupted is finished by the next attempt. */
export function destroyHandler(context: DocksageContext): JobHandler {
  return {
    run: (lease, signal) => destroy(context, lease, signal),
    canceled: (lease) => lease.finish({}, "canceled"),
    dead: () => Promise.resolve(),
  };
}

async function destroy(context: DocksageContext, lease: Lease, signal: AbortSignal): Promise<void> {
  const { teamId, subject: projectId } = lease.job;
  const project = await context.store.get("project", { teamId, id: projectId });
  if (project === undefined) return lease.finish({}, "removed");
  const environments = await all(context, "environmentsOfProject", { teamId, projectId });
  await settleDeployments(
    context,
    projectId,
    environments.map((each) => each.value),
    signal,
  );
  for (const { value } of environments) await context.target.destroy(value.id, await retireAll(context, value));
  for (const { value } of environments) await removeEnvironment(context, value);
  await removeBuilds(context, project.value);
  for (const environment of environments) {
    await remove(context, [
      deletion("environment", environment),
      ...(await claims(context, teamId, "host", environment.value.id)),
    ]);
  }
  await remove(context, await claims(context, teamId, "project-name", projectId));
  await removeOwnToken(context, project.value);
  await lease.finish({ deletes: [deletion("project", project)] }, "removed");
  // Its addresses go with it.
  await context.target.converge();
}

/** A token that was given for this project alone goes with it; an account that others may be bound to stays. */
async function removeOwnToken(context: DocksageContext, { teamId, credential }: Project): Promise<void> {
  const record = credential === null ? undefined : await context.store.get("credential", { teamId, id: credential });
  if (record?.value.kind !== "git-token") return;
  const { token } = record.value.secrets;
  if (token !== null) await context.secrets.delete({ teamId }, [token]);
  await remove(context, [deletion("credential", record)]);
}

/** Cancels what is under way and waits until it has settled and nobody works on it: files and logs are not pulled away from under a worker. */
async function settleDeployments(
  context: DocksageContext,
  projectId: string,
  environments: readonly { teamId: string; id: string }[],
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    signal.throwIfAborted();
    const open = (await Promise.all(environments.map((each) => unsettledOf(context.store, each)))).flat();
    if (open.length === 0 && !(await isWorkedOn(context, projectId))) return;
    for (const { value } of open) {
      await cancelDeployment(context.store, { teamId: value.teamId, deploymentId: value.id }, context.now).catch(
        ignoreSettled,
      );
    }
    await wait(100, undefined, { signal });
  }
  throw new CloudSmithError("deadline-exceeded", "A deployment of the project did not stop", {
    fix: "Try again: cloudsmith destroy",
  });
}

async function isWorkedOn(context: DocksageContext, projectId: string): Promise<boolean> {
  for (const queue of ["prepare", "build", "release"] as const) {
    for (let cursor: string | undefined; ;) {
      const page = await context.store.scan(
        "dueJobs",
        { queue, dueBy: "9999" },
        { limit: 1000, ...(cursor !== undefined && { cursor }) },
      );
      if (page.items.some(({ value }) => value.projectId === projectId && value.state === "claimed")) return true;
      if (page.cursor === undefined) break;
      cursor = page.cursor;
    }
  }
  return false;
}

function ignoreSettled(error: unknown): void {
  if (!(error instanceof CloudSmithError) || error.code !== "already-settled") throw error;
}

/** Takes an environment's live pointer away and retires its releases, so that every converge from now on leaves them out. Gives their ids. */
async function retireAll(context: DocksageContext, ids: { teamId: string; id: string }): Promise<string[]> {
  await retryOnConflict(async () => {
    const stored = await context.store.get("environment", ids);
    if (stored === undefined) return;
    await context.store.commit({
      puts: [
        {
          entity: "environment",
          value: { ...stored.value, live: null, desired: "stopped" },
          if: { version: stored.version },
        },
      ],
    });
  });
  const releases = await all(context, "releasesOfEnvironment", { teamId: ids.teamId, environmentId: ids.id });
  for (const { value } of releases) {
    await retryOnConflict(async () => {
      const stored = await context.store.get("release", value);
      if (stored === undefined || stored.value.retiredAt !== null) return;
      await context.store.commit({ puts: [retired(stored, context.now())] });
    });
  }
  return releases.map((each) => each.value.id);
}

async function removeEnvironment(context: DocksageContext, environment: { teamId: string; id: string }): Promise<void> {
  const { teamId, id: environmentId } = environment;
  const releases = await all(context, "releasesOfEnvironment", { teamId, environmentId });
  for (const { value } of releases) await context.logs.delete({ teamId, id: `release/${value.id}` });
  await remove(
    context,
    releases.map((each) => deletion("release", each)),
  );
  const secrets = await all(context, "secretVersionsOfEnvironment", { teamId, environmentId });
  await context.secrets.delete(
    { teamId },
    secrets.map((each) => each.value.id),
  );
  await remove(
    context,
    secrets.map((each) => deletion("secretVersion", each)),
  );
  for (const deployment of await all(context, "deploymentsOfEnvironment", { teamId, environmentId })) {
    const { id, snapshotId } = deployment.value;
    await context.logs.delete({ teamId, id: `prepare/${id}` });
    await context.logs.delete({ teamId, id: `release-step/${id}` });
    const timeline = await all(context, "timelineOfDeployment", { teamId, deploymentId: id });
    const jobs = await all(context, "jobsOfSubject", { teamId, subject: id });
    const snapshot = await context.store.get("snapshot", { teamId, id: snapshotId });
    await remove(context, [
      ...timeline.map((each) => deletion("timelineEntry", each)),
      ...jobs.map((each) => deletion("job", each)),
      ...(snapshot === undefined ? [] : [deletion("snapshot", snapshot)]),
      deletion("deployment", deployment),
    ]);
  }
  await remove(
    context,
    (await all(context, "claimsOfScope", { teamId, scope: `request-key#${environmentId}` })).map((each) =>
      deletion("claim", each),
    ),
  );
}

async function removeBuilds(context: DocksageContext, project: Project): Promise<void> {
  const { teamId, id: projectId } = project;
  const builds = await all(context, "buildsOfProject", { teamId, projectId });
  for (const build of builds) {
    await context.logs.delete({ teamId, id: `build/${build.value.id}` });
    const key = await context.store.get("claim", { teamId, scope: "build-key", name: build.value.key });
    const jobs = await all(context, "jobsOfSubject", { teamId, subject: build.value.id });
    const waiters = await all(context, "claimsOfScope", { teamId, scope: waiterScope(build.value.id) });
    await remove(context, [
      ...waiters.map((each) => deletion("claim", each)),
      ...jobs.map((each) => deletion("job", each)),
      ...(key?.value.owner === build.value.id ? [deletion("claim", key)] : []),
      deletion("build", build),
    ]);
  }
  await remove(
    context,
    (await all(context, "sourcesOfProject", { teamId, projectId })).map((each) => deletion("source", each)),
  );
}

async function claims(context: DocksageContext, teamId: string, scope: string, owner: string): Promise<Delete[]> {
  const found = await all(context, "claimsOfScope", { teamId, scope });
  return found.filter((each) => each.value.owner === owner).map((each) => deletion("claim", each));
}

async function all<P extends PatternName>(
  context: DocksageContext,
  pattern: P,
  args: PatternArgs<P>,
): Promise<Stored<PatternEntity<P>>[]> {
  const items: Stored<PatternEntity<P>>[] = [];
  for (let cursor: string | undefined; ;) {
    const page: Page<Stored<PatternEntity<P>>> = await context.store.list(pattern, args, {
      limit: 1000,
      ...(cursor !== undefined && { cursor }),
    });
    items.push(...page.items);
    if (page.cursor === undefined) return items;
    cursor = page.cursor;
  }
}

/** In whatever version: the last observations of its releases, and this very destroy, still write to what goes. */
function deletion<N extends EntityName>(entity: N, stored: Stored<N>): Delete {
  // Pairs an entity's name with a value of that entity, which the generic parameter guarantees and the union hides.
  return { entity, value: stored.value, if: "present" } as Delete;
}

async function remove(context: DocksageContext, deletes: readonly Delete[]): Promise<void> {
  for (let start = 0; start < deletes.length; start += 90)
    await context.store.commit({ deletes: deletes.slice(start, start + 90) });
}
