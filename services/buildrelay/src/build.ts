import { CloudSmithError, type Build, type Failure, type Job } from "@cloudsmith/contracts";
import { retryOnConflict, type JobHandler, type Lease } from "@cloudsmith/deployments";
import { newEvent } from "@cloudsmith/events";
import { createMasker, endLog } from "@cloudsmith/logs";
import type { Commit, Stored } from "@cloudsmith/store";
import { buildEnvironment } from "./build-environment.ts";
import type { BuildrelayContext } from "./context.ts";
import { failureOf, knownCause } from "./prepare.ts";
import type { RunnerResult } from "./runner.ts";

/** Executes builds. What comes of one is written on the build; the deployments that wait for it follow by its event. */
export function buildHandler(context: BuildrelayContext): JobHandler {
  return {
    run: (lease, signal) => build(context, lease, signal),
    async canceled(lease) {
      await endLog(context.logs, logOf(lease.job));
      await settle(context, lease, { state: "canceled" });
    },
    async dead(job, error) {
      await endLog(context.logs, logOf(job));
      await retryOnConflict(async () => {
        const stored = await context.store.get("build", { teamId: job.teamId, id: job.subject });
        if (stored !== undefined && isOpen(stored.value))
          await context.store.commit(settledCommit(context, stored, { state: "failed", failure: failureOf(error) }));
      });
    },
  };
}

const logOf = (job: Job) => ({ teamId: job.teamId, id: `build/${job.subject}` });
const isOpen = (value: Build): boolean => value.state === "queued" || value.state === "running";

async function build(context: BuildrelayContext, lease: Lease, signal: AbortSignal): Promise<void> {
  const running = await begin(context, lease);
  if (running === undefined) return lease.finish({});
  try {
    await settle(context, lease, outcomeOf(await execute(context, running, signal)));
  } catch (error) {
    const reason = knownCause(error);
    if (reason === undefined || signal.aborted) throw error;
    await settle(context, lease, { state: "failed", failure: reason });
  }
}

async function execute(context: BuildrelayContext, running: Build, signal: AbortSignal): Promise<RunnerResult> {
  const { teamId, projectId, plan } = running;
  const source = await context.store.get("source", { teamId, projectId, id: running.sourceId });
  const snapshot = await context.store.get("snapshot", { teamId, id: running.snapshotId });
  if (source === undefined || snapshot === undefined)
    throw new CloudSmithError("internal", "The source or configuration of a build is gone");
  const { env, secretValues } = await buildEnvironment(plan, snapshot.value, context.secrets);
  const writer = context.logs.writer({ teamId, id: `build/${running.id}` }, { mask: createMasker(secretValues) });
  try {
    const result = await context.runner.run({
      build: running,
      source: source.value.digest,
      plan,
      env,
      secrets: secretValues,
      limits: { seconds: plan.limits.buildSeconds, memoryMb: plan.limits.buildMemoryMb },
      log: (line) => writer.write(line),
      signal,
    });
    signal.throwIfAborted();
    await writer.end();
    return result;
  } finally {
    await writer.close();
  }
}

async function begin(context: BuildrelayContext, lease: Lease): Promise<Build | undefined> {
  return retryOnConflict(async () => {
    const stored = await context.store.get("build", { teamId: lease.job.teamId, id: lease.job.subject });
    if (stored === undefined || !isOpen(stored.value)) return undefined;
    const value: Build = {
      ...stored.value,
      state: "running",
      startedAt: stored.value.startedAt ?? context.now().toISOString(),
    };
    await lease.commit({ puts: [{ entity: "build", value, if: { version: stored.version } }] });
    return value;
  });
}

type Outcome =
  | { state: "succeeded"; manifest: NonNullable<Build["manifest"]> }
  | { state: "failed"; failure: Failure }
  | { state: "canceled" };

function outcomeOf(result: RunnerResult): Outcome {
  return result.ok ? { state: "succeeded", manifest: result.manifest } : { state: "failed", failure: result.failure };
}

async function settle(context: BuildrelayContext, lease: Lease, outcome: Outcome): Promise<void> {
  await retryOnConflict(async () => {
    const stored = await context.store.get("build", { teamId: lease.job.teamId, id: lease.job.subject });
    const ending = outcome.state === "canceled" ? "canceled" : "done";
    if (stored === undefined || !isOpen(stored.value)) return lease.finish({}, ending);
    return lease.finish(settledCommit(context, stored, outcome), ending);
  });
}

function settledCommit(context: BuildrelayContext, stored: Stored<"build">, outcome: Outcome): Commit {
  const { teamId, projectId, id: buildId } = stored.value;
  const value: Build = {
    ...stored.value,
    state: outcome.state,
    finishedAt: context.now().toISOString(),
    ...(outcome.state === "succeeded" && { manifest: outcome.manifest, artifact: outcome.manifest.digest }),
    ...(outcome.state === "failed" && { failure: outcome.failure }),
  };
  return {
    puts: [{ entity: "build", value, if: { version: stored.version } }],
    events: [
      newEvent("build.finished", { teamId, projectId, buildId, state: value.state }, { partitionkey: projectId }),
    ],
  };
}
