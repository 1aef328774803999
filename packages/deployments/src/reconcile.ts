import { stageDeadlineSeconds, type CauseCode, type Deployment, type Stage } from "@cloudsmith/contracts";
import type { SystemStore } from "@cloudsmith/store";
import { jobId, newJob, type JobQueue } from "./jobs.ts";
import { failDeployment } from "./settle.ts";

/** Which stages a service looks after, and the queue that takes them on. */
export interface Care {
  readonly stages: readonly Stage[];
  readonly queue: JobQueue;
  /** Whether the service's job is the one for this deployment. */
  readonly concerns: (deployment: Deployment) => boolean;
}

/**
 * Looks at every unsettled deployment in the stages of a service: one past its stage's deadline fails with a cause; one without
 * a job gets one. Level-triggered: it asks what is, not what happened, so a lost event costs time and nothing else. Run it every few seconds.
 */
export async function reconcileDeployments(store: SystemStore, care: Care, now: Date): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const page = await store.scan("unsettledDeployments", {}, { limit: 200, ...(cursor !== undefined && { cursor }) });
    for (const { value } of page.items) {
      const stage = care.stages.find((each) => each === value.state);
      if (stage !== undefined && care.concerns(value)) await reconcileDeployment(store, value, stage, care.queue, now);
    }
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

/** Events take moments; what they missed is looked for after this many seconds. */
const graceSeconds = 10;

async function reconcileDeployment(
  store: SystemStore,
  deployment: Deployment,
  stage: Stage,
  queue: JobQueue,
  now: Date,
): Promise<void> {
  const ids = { teamId: deployment.teamId, deploymentId: deployment.id };
  const since = Date.parse(deployment.stageTimes.at(-1)?.startedAt ?? deployment.createdAt);
  const seconds = (now.getTime() - since) / 1000;
  if (seconds > stageDeadlineSeconds[stage]) {
    const code: CauseCode = "stage-timeout";
    await failDeployment(
      store,
      ids,
      {
        code,
        message: `It was ${stage} for more than ${Math.round(stageDeadlineSeconds[stage] / 60)} minutes`,
        fix: "Look at the log, then deploy again",
      },
      () => now,
    );
    return;
  }
  if (seconds < graceSeconds) return;
  const id = jobId(queue, deployment.id);
  const job = await store.get("job", { teamId: deployment.teamId, id });
  if (job === undefined) {
    await store.commit({
      puts: [
        newJob({ queue, subject: deployment.id, teamId: deployment.teamId, projectId: deployment.projectId, now }),
      ],
    });
  } else if (job.value.state === "dead" || job.value.state === "done" || job.value.state === "canceled") {
    // Its job ended without settling it: the process died between two commits, or the deployment came back to this stage.
    const code: CauseCode = "worker-lost";
    await failDeployment(
      store,
      ids,
      {
        code,
        message: `The work on it ended while it was ${stage}`,
        ...(job.value.lastError !== null && { cause: job.value.lastError }),
        fix: "Deploy again",
      },
      () => now,
    );
  }
}
