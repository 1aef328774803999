import { CloudSmithError, isSettled, type Deployment, type Job } from "@cloudsmith/contracts";
import type { Commit, Put, Store, Stored } from "@cloudsmith/store";
import { leaveBuild } from "./build-waiters.ts";
import { jobId, type JobQueue } from "./jobs.ts";
import { changeDeployment, moveDeployment } from "./move.ts";
import { retryOnConflict } from "./retry-on-conflict.ts";

/** Which queue's job works on a deployment in a stage; a deployment in `building` waits for a build, which has a job of its own. */
const queueOf: Partial<Record<Deployment["state"], JobQueue>> = {
  queued: "prepare",
  preparing: "prepare",
  packaging: "release",
  releasing: "release",
  verifying: "release",
};

/**
 * Cancels a deployment in any stage. Where nobody works on it, it is canceled at once; else the worker is told through its
 * job and settles it within a heartbeat. Asking twice changes nothing. Throws `not-found`, and `already-settled` where it ended otherwise.
 */
export function cancelDeployment(
  store: Store,
  ids: { teamId: string; deploymentId: string },
  now: () => Date = () => new Date(),
): Promise<Deployment> {
  return retryOnConflict(async () => {
    const stored = await store.get("deployment", { teamId: ids.teamId, id: ids.deploymentId });
    if (stored === undefined) throw new CloudSmithError("not-found", "There is no such deployment");
    const { state } = stored.value;
    if (state === "canceled" || (stored.value.cancelRequested && !isSettled(state))) return stored.value;
    const job = await workingJob(store, stored.value);
    if (!isSettled(state) && job?.value.state === "claimed") return askWorker(store, stored, job, now());
    return cancelNow(store, stored, job, now());
  });
}

async function workingJob(store: Store, deployment: Deployment): Promise<Stored<"job"> | undefined> {
  const queues: JobQueue[] = deployment.state === "queued" ? ["prepare", "release"] : [];
  const queue = queueOf[deployment.state];
  if (queue !== undefined && queues.length === 0) queues.push(queue);
  for (const each of queues) {
    const job = await store.get("job", { teamId: deployment.teamId, id: jobId(each, deployment.id) });
    if (job !== undefined && (job.value.state === "ready" || job.value.state === "claimed")) return job;
  }
  return undefined;
}

async function askWorker(
  store: Store,
  stored: Stored<"deployment">,
  job: Stored<"job">,
  now: Date,
): Promise<Deployment> {
  const change = changeDeployment(stored, {
    now,
    patch: { cancelRequested: true },
    entry: { type: "cancel-requested", message: "Cancel requested" },
    also: ["deployment.cancel-requested"],
  });
  await store.commit({ puts: [...change.puts, flagged(job)], events: change.events });
  return change.value;
}

function flagged(job: Stored<"job">): Put {
  const value: Job = { ...job.value, cancelRequested: true };
  return { entity: "job", value, if: { version: job.version } };
}

async function cancelNow(
  store: Store,
  stored: Stored<"deployment">,
  job: Stored<"job"> | undefined,
  now: Date,
): Promise<Deployment> {
  const change = moveDeployment(
    stored,
    { type: "cancel" },
    {
      now,
      patch: { cancelRequested: true },
      entry: { type: "state", message: "Canceled" },
      also: ["deployment.cancel-requested"],
    },
  );
  const jobEnds: Put[] =
    job === undefined
      ? []
      : [{ entity: "job", value: { ...job.value, state: "canceled" }, if: { version: job.version } }];
  const left: Commit = stored.value.state === "building" ? await leaveBuild(store, stored.value, now) : {};
  await store.commit({
    ...left,
    puts: [...change.puts, ...jobEnds, ...(left.puts ?? [])],
    events: [...change.events, ...(left.events ?? [])],
  });
  return change.value;
}
