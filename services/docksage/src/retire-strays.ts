import { isSettled, type Release } from "@cloudsmith/contracts";
import { retired, retryOnConflict } from "@cloudsmith/deployments";
import type { DocksageContext } from "./context.ts";

/**
 * Retires releases that nobody wants and nobody retired: their deployment has settled without their going live, because a deadline,
 * a lost job or a newer deployment ended it while no worker was there to clean up.
 */
export async function retireStrays(context: DocksageContext): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const page = await context.store.scan(
      "currentReleases",
      {},
      { limit: 500, ...(cursor !== undefined && { cursor }) },
    );
    for (const { value } of page.items) if (await isStray(context, value)) await retire(context, value);
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
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
