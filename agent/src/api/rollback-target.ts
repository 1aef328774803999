import { CloudSmithError, isSettled, type Deployment, type Environment, type Project } from "@cloudsmith/contracts";
import type { Store } from "@cloudsmith/store";
import type { AgentServices } from "../services.ts";

/** Deployments of an environment, the newest first. */
export async function history(
  store: Store,
  environment: Pick<Environment, "teamId" | "id">,
  limit = 500,
): Promise<Deployment[]> {
  const page = await store.list(
    "deploymentsOfEnvironment",
    { teamId: environment.teamId, environmentId: environment.id },
    { limit, order: "descending" },
  );
  return page.items.map((item) => item.value);
}

/** A deployment of an environment by its id or its sequence, written as `7` or `#7`. */
async function named(store: Store, environment: Environment, name: string): Promise<Deployment | undefined> {
  const { teamId, id: environmentId } = environment;
  const sequence = /^#?(\d{1,9})$/.exec(name)?.[1];
  if (sequence === undefined) {
    const found = (await store.get("deployment", { teamId, id: name }))?.value;
    return found?.environmentId === environmentId ? found : undefined;
  }
  const page = await store.list(
    "deploymentsOfEnvironment",
    { teamId, environmentId, beforeSequence: Number(sequence) + 1 },
    { limit: 1, order: "descending" },
  );
  return page.items.map((item) => item.value).find((each) => each.sequence === Number(sequence));
}

/** Whether a number was given to a deployment once. */
function wasCollected({ sequence }: Environment, name: string): boolean {
  const asked = Number(/^#?(\d{1,9})$/.exec(name)?.[1]);
  return asked >= 1 && asked <= sequence;
}

/** The deployment to go back to: the named one, or the newest that was live before the live one. */
export async function rollbackTarget(
  store: Store,
  project: Project,
  environment: Environment,
  to: string | undefined,
): Promise<Deployment> {
  const place = placeOf(project, environment);
  const all = await history(store, environment);
  const chosen = to === undefined ? undefined : await named(store, environment, to);
  if (to !== undefined && chosen === undefined)
    throw new CloudSmithError("not-found", `${project.name} has no deployment ${to} in ${environment.name}`, {
      why: wasCollected(environment, to) ? "Only the newest deployments are kept" : undefined,
      fix: `List them: cloudsmith status ${place}`,
    });
  const live = all.find((each) => each.id === environment.live?.deploymentId);
  // Going back from a rollback means going back further than what it brought back.
  const origin = live?.trigger === "rollback" ? (all.find((each) => each.id === live.reuses) ?? live) : live;
  const found =
    chosen ??
    all.find((each) => each.state === "live" && each.sequence < (origin?.sequence ?? 0) && each.id !== live?.id);
  if (found?.artifact == null || (chosen !== undefined && !isSettled(chosen.state))) {
    throw new CloudSmithError("nothing-to-roll-back", "There is nothing to roll back to", {
      why:
        found === undefined
          ? "No earlier deployment was live in this environment"
          : "That deployment has no artifact that could run",
      fix: `List the deployments: cloudsmith status ${place}`,
    });
  }
  return found;
}

/** Going back builds nothing; what it needs is held from here on against the garbage collection. */
export async function requireArtifact(
  { blobs, store }: AgentServices,
  project: Project,
  environment: Environment,
  { teamId, projectId, artifact, sequence, sourceId }: Deployment,
): Promise<void> {
  if (artifact === null || (await blobs.renew({ teamId, kind: "artifact" }, artifact))) return;
  const source = sourceId === null ? undefined : await store.get("source", { teamId, projectId, id: sourceId });
  const canBuild = source !== undefined && (await blobs.renew({ teamId, kind: "source" }, source.value.digest));
  const place = placeOf(project, environment);
  throw new CloudSmithError("nothing-to-roll-back", `What deployment ${sequence} built is not kept any more`, {
    why: "The artifacts of older deployments are deleted to save space; a rollback runs an artifact and builds nothing",
    fix: canBuild
      ? `Build its source again, with the configuration of now: cloudsmith redeploy ${place} --deployment ${sequence}`
      : "Deploy its commit again",
  });
}

function placeOf(project: Project, { name }: Environment): string {
  return name === "production" ? project.name : `${project.name}/${name}`;
}
