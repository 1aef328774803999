import { isSettled, type AnyEvent } from "@cloudsmith/contracts";
import { jobId, newJob, once, reconcileDeployments, Worker } from "@cloudsmith/deployments";
import { endLog } from "@cloudsmith/logs";
import { setTimeout as wait } from "node:timers/promises";
import type { DocksageContext } from "./context.ts";
import { destroyHandler } from "./destroy.ts";
import { recordObservations } from "./record-observations.ts";
import { releaseHandler } from "./release.ts";
import { retireStrays, retireStraysOf } from "./retire-strays.ts";
import { supersedeOlder } from "./supersede-older.ts";

export interface DocksageOptions extends DocksageContext {
  /** Unique per process; stands in leases. */
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  /** Releases being brought up at once. */
  readonly concurrency?: number;
  /** Milliseconds between two looks at what should be. */
  readonly reconcileMs?: number;
}

const group = "docksage";
/** One look in so many is at everything, the others at what is under way. */
const roundsBetweenAll = 6;

/** Runs docksage until the signal aborts: from an artifact to a live release, and what runs to what should run. */
export async function startDocksage(options: DocksageOptions): Promise<{ stopped: Promise<void> }> {
  const { store, bus, owner, signal, onError, now } = options;
  const common = { store, owner, signal, onError, now };
  const release = new Worker({
    ...common,
    queue: "release",
    concurrency: options.concurrency ?? 8,
    handler: releaseHandler(options),
  });
  const destroy = new Worker({ ...common, queue: "destroy", concurrency: 2, handler: destroyHandler(options) });
  await bus.subscribe({
    group,
    topics: ["cloudsmith.releases.v1", "cloudsmith.source.v1"],
    signal,
    handler: (event) => handle(options, { release, destroy }, event, onError),
  });
  await bus.tail({
    topics: ["cloudsmith.releases.v1"],
    signal,
    onEvent: (event) => {
      if (event.type === "deployment.cancel-requested") void release.beat(event.data.deploymentId).catch(onError);
    },
  });
  release.start();
  destroy.start();
  const loops = [reconcile(options), recordObservations(options)];
  return { stopped: Promise.all([release.stopped(), destroy.stopped(), ...loops]).then(() => undefined) };
}

async function handle(
  context: DocksageContext,
  workers: { release: Worker; destroy: Worker },
  event: AnyEvent,
  onError: (error: unknown) => void,
): Promise<void> {
  if (event.type === "deployment.built") {
    const { teamId, projectId, deploymentId } = event.data;
    await once(context.store, group, event, async () => {
      const deployment = await context.store.get("deployment", { teamId, id: deploymentId });
      if (deployment === undefined || deployment.value.settledAt !== null) return {};
      // The reconciler may have been quicker than an event that waited for a dead agent's successor.
      if ((await context.store.get("job", { teamId, id: jobId("release", deploymentId) })) !== undefined) return {};
      return { puts: [newJob({ queue: "release", subject: deploymentId, teamId, projectId, now: context.now() })] };
    });
    workers.release.nudge();
  }
  if (event.type === "environment.changed") {
    await supersedeOlder(context, { teamId: event.data.teamId, id: event.data.environmentId });
    // The reconciler does it again: a target that is out of reach is no reason to hold up the environment's events.
    context.target.converge({ teamId: event.data.teamId, id: event.data.environmentId }).catch(onError);
  }
  if (event.type === "deployment.changed" && isSettled(event.data.state)) {
    const { teamId, deploymentId } = event.data;
    for (const part of ["prepare", "release-step"])
      await endLog(context.logs, { teamId, id: `${part}/${deploymentId}` });
    const { environmentId } = event.data;
    if (await retireStraysOf(context, environmentId))
      context.target.converge({ teamId, id: environmentId }).catch(onError);
  }
  if (event.type === "project.changed") workers.destroy.nudge();
}

async function reconcile(options: DocksageOptions): Promise<void> {
  const care = {
    stages: ["queued", "packaging", "releasing", "verifying"] as const,
    queue: "release" as const,
    concerns: (each: { artifact: string | null }) => each.artifact !== null,
  };
  for (let round = 0; !options.signal.aborted; round++) {
    try {
      await reconcileDeployments(options.store, care, options.now());
      // Events say what changed; that all of it is as it should be is looked at less often.
      if (round % roundsBetweenAll === 0) {
        await retireStrays(options);
        await options.target.converge();
      } else await options.target.catchUp();
    } catch (error) {
      options.onError(error);
    }
    await wait(options.reconcileMs ?? 5000, undefined, { signal: options.signal }).catch(() => undefined);
  }
}
