import { isSettled, type Release } from "@cloudsmith/contracts";
import { retired, retryOnConflict } from "@cloudsmith/deployments";
import type { DocksageContext } from "./context.ts";
import { currentReleases, currentReleasesOf, environmentsOf } from "./listing.ts";

/**
 * Retires releases that nobody wants and nobody retired: their deployment has settled without their going live, because a deadline,
 * a lost job or a newer deployment ended it while no worker was there to clean up.
 */
export async function retireStrays(context: DocksageContext): Promise<void> {
  const { store, target } = context;
  const live = new Set<string>();
  for await (const { value } of environmentsOf(store, target.name))
    if (value.live !== null) live.add(value.live.releaseId);
  // What is live is most of them, and needs no second look.
  for await (const { value } of currentReleases(store)) if (!live.has(value.id)) await retireStray(context, value);
}

/** The same for one environment, of which a deployment has settled. Returns whether there was one. */
export async function retireStraysOf(context: DocksageContext, environmentId: string): Promise<boolean> {
  let found = false;
  for (const { value } of await currentReleasesOf(context.store, environmentId))
    if (await retireStray(context, value)) found = true;
  return found;
}

async function retireStray(context: DocksageContext, release: Release): Promise<boolean> {
  if (!(await isStray(context, release))) return false;
  await retire(context, release);
  return true;
}

async function isStray({ store }: DocksageContext, release: Release): Promise<boolean> {
  const { teamId, environmentId, deploymentId, id } = release;
  const deployment = await store.get("deployment", { teamId, id: deploymentId });
  if (deployment !== undefined && !isSettled(deployment.value.state)) return false;
  // Read after its deployment: one that has gone live has moved the pointer in the same commit.
  const environment = await store.get("environment", { teamId, id: environmentId });
  return environment?.value.live?.releaseId !== id;
}

function retire({ store, now }: DocksageContext, release: Release): Promise<void> {
  return retryOnConflict(async () => {
    const stored = await store.get("release", release);
    if (stored !== undefined && stored.value.retiredAt === null) await store.commit({ puts: [retired(stored, now())] });
  });
}
