import {
  CloudSmithError,
  stageDeadlineSeconds,
  type CauseCode,
  type Deployment,
  type Failure,
  type Stage,
} from "@cloudsmith/contracts";
import type { Store, Stored, SystemStore } from "@cloudsmith/store";
import { leaveBuild } from "./build-waiters.ts";
import { jobId, newJob, type JobQueue } from "./jobs.ts";
import { failure, unsettled } from "./settle.ts";
import { stopJobs } from "./stop-jobs.ts";

/** Which stages a service looks after, and the queue that takes them on; null where the deployment waits for something that has a job of its own. */
export interface Care {
  readonly stages: readonly Stage[];
  readonly queue: JobQueue | null;
  /** Whether the service's job is the one for this deployment. */
  readonly concerns: (deployment: Deployment) => boolean;
}

/** Events take moments; what they missed is looked for after this many seconds. */
const graceSeconds = 10;

/**
 * Looks at every unsettled deployment in the stages of a service: one past its stage's deadline fails with a cause; one without
 * a job gets one. Level-triggered: it asks what is, not what happened, so a lost event costs time and nothing else. Run it every few seconds.
 */
export async function reconcileDeployments(store: SystemStore, care: Care, now: Date): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const page = await store.scan("unsettledDeployments", {}, { limit: 200, ...(cursor !== undefined && { cursor }) });
    for (const { value } of page.items) {
      const stage = care.stages.find((each) => each === value.state);
      if (stage === undefined || !care.concerns(value)) continue;
      await reconcileDeployment(store, value, stage, care.queue, now).catch(ignoreLostRace);
    }
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

/** Who won changed it: the next look sees what came of that. */
function ignoreLostRace(error: unknown): void {
  if (!(error instanceof CloudSmithError) || error.code !== "conflict") throw error;
}

async function reconcileDeployment(
  store: SystemStore,
  seen: Deployment,
  stage: Stage,
  queue: JobQueue | null,
  now: Date,
): Promise<void> {
  const { teamId, projectId, id: deploymentId } = seen;
  const since = Date.parse(seen.stageTimes.at(-1)?.startedAt ?? seen.createdAt);
  const seconds = (now.getTime() - since) / 1000;
  if (seconds < graceSeconds) return;
  const job = queue === null ? undefined : await store.get("job", { teamId, id: jobId(queue, deploymentId) });
  // Read after its job: a job that ends moves its deployment in the same commit, so what is still in the stage now was left there.
  const stored = await unsettled(store, { teamId, deploymentId });
  if (stored?.value.state !== stage) return;
  if (seconds > stageDeadlineSeconds[stage]) return fail(store, stored, overdue(stage), now);
  if (queue === null) return;
  if (job === undefined)
    return store.commit({ puts: [newJob({ queue, subject: deploymentId, teamId, projectId, now })] });
  if (job.value.state !== "ready" && job.value.state !== "claimed")
    await fail(store, stored, lost(stage, job.value.lastError), now);
}

/** Fails a deployment and stops what works on it. */
async function fail(store: Store, stored: Stored<"deployment">, reason: Failure, now: Date): Promise<void> {
  const change = failure(stored, reason, now);
  const left = stored.value.state === "building" ? await leaveBuild(store, stored.value, now) : {};
  await store.commit({
    ...left,
    puts: [...change.puts, ...(left.puts ?? []), ...(await stopJobs(store, stored.value))],
    events: [...change.events, ...(left.events ?? [])],
  });
}

function overdue(stage: Stage): Failure {
  const code: CauseCode = "stage-timeout";
  return {
    code,
    message: `It was ${stage} for more than ${Math.round(stageDeadlineSeconds[stage] / 60)} minutes`,
    fix: "Look at the log, then deploy again",
  };
}

/** Its job ended without settling it: somebody removed it, or the process died between two commits. */
function lost(stage: Stage, lastError: string | null): Failure {
  const code: CauseCode = "worker-lost";
  return {
    code,
    message: `The work on it ended while it was ${stage}`,
    ...(lastError !== null && { cause: lastError }),
    fix: "Deploy again",
  };
}
