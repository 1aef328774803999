import type { AnyEvent } from "@cloudsmith/contracts";
import { jobId, newJob, once, reconcileDeployments, Worker } from "@cloudsmith/deployments";
import { endLog } from "@cloudsmith/logs";
import { rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { buildHandler } from "./build.ts";
import type { BuildrelayContext } from "./context.ts";
import { followBuild } from "./follow-build.ts";
import { prepareHandler } from "./prepare.ts";

export interface BuildrelayOptions extends BuildrelayContext {
  /** Unique per process; stands in leases. */
  readonly owner: string;
  /** Builds at once. */
  readonly builds: number;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  /** Milliseconds between two looks at what should have moved on. */
  readonly reconcileMs?: number;
}

const group = "buildrelay";

/** Runs buildrelay until the signal aborts: from a queued deployment to an artifact. Resolves when it listens; `stopped` when its last job has let go. */
export async function startBuildrelay(options: BuildrelayOptions): Promise<{ stopped: Promise<void> }> {
  const { store, bus, owner, signal, onError } = options;
  const common = { store, owner, signal, onError, now: options.now };
  const prepare = new Worker({
    ...common,
    queue: "prepare",
    concurrency: Math.max(2, options.builds),
    handler: prepareHandler(options),
  });
  const build = new Worker({ ...common, queue: "build", concurrency: options.builds, handler: buildHandler(options) });

  await bus.subscribe({
    group,
    topics: ["cloudsmith.builds.v1"],
    signal,
    handler: (event) => handle(options, prepare, event),
  });
  await bus.tail({
    topics: ["cloudsmith.builds.v1", "cloudsmith.releases.v1"],
    signal,
    onEvent: (event) => {
      if (event.type === "build.queued") build.nudge();
      if (event.type === "deployment.cancel-requested")
        void Promise.all([prepare.beat(event.data.deploymentId), beatBuild(options, build, event)]).catch(onError);
    },
  });
  await rm(options.workDir, { recursive: true, force: true });
  prepare.start();
  build.start();
  const looking = reconcile(options, () => prepare.nudge());
  return { stopped: Promise.all([prepare.stopped(), build.stopped(), looking]).then(() => undefined) };
}

async function handle(context: BuildrelayContext, prepare: Worker, event: AnyEvent): Promise<void> {
  if (event.type === "deployment.queued") {
    const { teamId, deploymentId, projectId } = event.data;
    await once(context.store, group, event, async () => {
      const deployment = await context.store.get("deployment", { teamId, id: deploymentId });
      if (deployment?.value.state !== "queued") return {};
      // The reconciler may have been quicker than an event that waited for a dead agent's successor.
      if ((await context.store.get("job", { teamId, id: jobId("prepare", deploymentId) })) !== undefined) return {};
      return { puts: [newJob({ queue: "prepare", subject: deploymentId, teamId, projectId, now: context.now() })] };
    });
    prepare.nudge();
  }
  if (event.type === "build.finished") {
    const build = await context.store.get("build", { teamId: event.data.teamId, id: event.data.buildId });
    if (build === undefined) return;
    await followBuild(context, build.value);
    await endLog(context.logs, { teamId: build.value.teamId, id: `build/${build.value.id}` });
  }
}

async function beatBuild(
  context: BuildrelayContext,
  worker: Worker,
  event: Extract<AnyEvent, { type: "deployment.cancel-requested" }>,
): Promise<void> {
  const deployment = await context.store.get("deployment", { teamId: event.data.teamId, id: event.data.deploymentId });
  if (deployment?.value.buildId != null) await worker.beat(deployment.value.buildId);
}

async function reconcile(options: BuildrelayOptions, nudge: () => void): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await reconcileDeployments(
        options.store,
        { stages: ["queued", "preparing"], queue: "prepare", concerns: (each) => each.artifact === null },
        options.now(),
      );
      await reconcileDeployments(
        options.store,
        { stages: ["building"], queue: null, concerns: () => true },
        options.now(),
      );
      await reconcileWaiting(options);
      nudge();
    } catch (error) {
      options.onError(error);
    }
    await wait(options.reconcileMs ?? 5000, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** Deployments whose build has ended without their noticing. */
async function reconcileWaiting(context: BuildrelayContext): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const page = await context.store.scan(
      "unsettledDeployments",
      {},
      { limit: 200, ...(cursor !== undefined && { cursor }) },
    );
    for (const { value } of page.items) {
      if (value.state !== "building" || value.buildId === null) continue;
      const build = await context.store.get("build", { teamId: value.teamId, id: value.buildId });
      if (build !== undefined && build.value.state !== "queued" && build.value.state !== "running")
        await followBuild(context, build.value);
    }
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}
