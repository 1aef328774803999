import { leaveBuild, moveDeployment, retryOnConflict, stopJobs, unsettledOf } from "@cloudsmith/deployments";
import type { Environment } from "@cloudsmith/contracts";
import type { DocksageContext } from "./context.ts";

/** Once a deployment is live, the older ones that are still on their way have lost: they end superseded and their work stops. */
export async function supersedeOlder(context: DocksageContext, ids: Pick<Environment, "teamId" | "id">): Promise<void> {
  const environment = await context.store.get("environment", ids);
  const live = environment?.value.live;
  if (live == null) return;
  for (const { value } of await unsettledOf(context.store, ids)) {
    if (value.sequence >= live.sequence) continue;
    await retryOnConflict(async () => {
      const stored = await context.store.get("deployment", { teamId: ids.teamId, id: value.id });
      if (stored === undefined || stored.value.settledAt !== null) return;
      const change = moveDeployment(
        stored,
        { type: "supersede" },
        {
          now: context.now(),
          patch: { supersededBy: live.deploymentId },
          entry: { type: "state", message: `Superseded: deployment ${live.sequence} is live` },
          also: ["deployment.cancel-requested"],
        },
      );
      const left =
        stored.value.state === "building" ? await leaveBuild(context.store, stored.value, context.now()) : {};
      await context.store.commit({
        ...left,
        puts: [...change.puts, ...(left.puts ?? []), ...(await stopJobs(context.store, value))],
        events: [...change.events, ...(left.events ?? [])],
      });
    });
  }
}
