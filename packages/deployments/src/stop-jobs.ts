import type { Deployment } from "@cloudsmith/contracts";
import type { Put, Store } from "@cloudsmith/store";
import { jobId } from "./jobs.ts";

/** The writes that stop the work on a deployment: a waiting job ends, a running one is told to. Builds have jobs of their own, see `leaveBuild`. */
export async function stopJobs(store: Store, deployment: Pick<Deployment, "teamId" | "id">): Promise<Put[]> {
  const puts: Put[] = [];
  for (const queue of ["prepare", "release"] as const) {
    const job = await store.get("job", { teamId: deployment.teamId, id: jobId(queue, deployment.id) });
    if (job?.value.state === "claimed")
      puts.push({ entity: "job", value: { ...job.value, cancelRequested: true }, if: { version: job.version } });
    if (job?.value.state === "ready")
      puts.push({ entity: "job", value: { ...job.value, state: "canceled" }, if: { version: job.version } });
  }
  return puts;
}
