import { buildKey, planSource, takeSource, unpackSource } from "@cloudsmith/builder";
import {
  causeCodes,
  CloudSmithError,
  newId,
  type BuildPlan,
  type Deployment,
  type Failure,
  type Job,
  type Snapshot,
  type Source,
} from "@cloudsmith/contracts";
import {
  changeDeployment,
  failDeployment,
  failure,
  moveDeployment,
  retryOnConflict,
  settleCanceled,
  unsettled,
  type JobHandler,
  type Lease,
} from "@cloudsmith/deployments";
import { gitAccess } from "@cloudsmith/github";
import { endLog, type LogWriter } from "@cloudsmith/logs";
import type { Stored } from "@cloudsmith/store";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { attachBuild } from "./attach-build.ts";
import { buildInputs } from "./build-environment.ts";
import type { BuildrelayContext } from "./context.ts";

/** The stage `preparing`: takes the source, plans, and finds or asks for the build. */
export function prepareHandler(context: BuildrelayContext): JobHandler {
  return {
    run: (lease, signal) => prepare(context, lease, signal),
    async canceled(lease) {
      await settleCanceled(context.store, idsOf(lease), context.now);
      await endLog(context.logs, logOf(lease.job));
      await lease.finish({}, "canceled");
    },
    async dead(job, error) {
      await endLog(context.logs, logOf(job));
      await failDeployment(
        context.store,
        { teamId: job.teamId, deploymentId: job.subject },
        failureOf(error),
        context.now,
      );
    },
  };
}

const logOf = (job: Job) => ({ teamId: job.teamId, id: `prepare/${job.subject}` });
const idsOf = (lease: Lease) => ({ teamId: lease.job.teamId, deploymentId: lease.job.subject });

async function prepare(context: BuildrelayContext, lease: Lease, signal: AbortSignal): Promise<void> {
  const writer = context.logs.writer(logOf(lease.job));
  const workDir = join(context.workDir, `${lease.job.id}-${lease.job.fence}`);
  try {
    await mkdir(workDir, { recursive: true, mode: 0o700 });
    await prepareIn(context, lease, workDir, writer, signal);
    await writer.end();
  } catch (error) {
    const reason = knownCause(error);
    if (reason === undefined || signal.aborted) throw error;
    writer.write({ at: context.now().toISOString(), stream: "system", text: reason.message });
    // The reason may be that nothing can be written: the deployment says it all the same.
    await writer.end().catch(() => undefined);
    await fail(context, lease, reason);
  } finally {
    await rm(workDir, { recursive: true, force: true });
    await writer.close().catch(() => undefined);
  }
}

function fail(context: BuildrelayContext, lease: Lease, reason: Failure): Promise<void> {
  return retryOnConflict(async () => {
    const current = await unsettled(context.store, idsOf(lease));
    await lease.finish(current === undefined ? {} : failure(current, reason, context.now()));
  });
}

/** Takes a queued deployment into `preparing`; undefined where there is nothing left to do. */
function begin(context: BuildrelayContext, lease: Lease): Promise<Stored<"deployment"> | undefined> {
  return retryOnConflict(async () => {
    const current = await unsettled(context.store, idsOf(lease));
    if (current?.value.state !== "queued") return current;
    const change = moveDeployment(
      current,
      { type: "advance", to: "preparing" },
      { now: context.now(), entry: { type: "state", message: "Preparing" } },
    );
    await lease.commit(change);
    return { value: change.value, version: current.version + 1 };
  });
}

async function prepareIn(
  context: BuildrelayContext,
  lease: Lease,
  workDir: string,
  writer: LogWriter,
  signal: AbortSignal,
): Promise<void> {
  const current = await begin(context, lease);
  if (current?.value.state !== "preparing") return lease.finish({});
  const source = await sourceOf(context, lease, current.value, workDir, writer, signal);
  await recordSource(context, lease, source);
  const snapshot = await snapshotOf(context, current.value);
  const planned = await planFor(context, current.value, snapshot, source, workDir, signal);
  if (!planned.ok) return fail(context, lease, planned.failure);
  const { plan } = planned;
  const key = buildKey({
    source: source.digest,
    plan,
    buildVariables: buildInputs(plan, snapshot),
    platform: context.runner.platform,
  });
  await attachBuild(context, lease, { key, plan, source });
}

async function sourceOf(
  context: BuildrelayContext,
  lease: Lease,
  deployment: Deployment,
  workDir: string,
  writer: LogWriter,
  signal: AbortSignal,
): Promise<Source> {
  const { teamId, projectId } = deployment;
  if (deployment.sourceId !== null) {
    const known = await context.store.get("source", { teamId, projectId, id: deployment.sourceId });
    if (known !== undefined && (await context.blobs.renew({ teamId, kind: "source" }, known.value.digest)))
      return known.value;
  }
  const project = await context.store.get("project", { teamId, id: projectId });
  const credential = project?.value.credential ?? null;
  const git = await gitAccess(context.github, {
    teamId,
    source: deployment.source,
    credential,
    own: project?.value.source,
    signal,
  });
  const taken = await takeSource(git.source, {
    teamId,
    blobs: context.blobs,
    workDir,
    cacheDir: context.cacheDir,
    signal,
    log: (line) => writer.write(line),
    ...(git.gitToken !== undefined && { gitToken: git.gitToken }),
  });
  const source: Source = { ...taken, id: newId("source"), teamId, projectId, createdAt: context.now().toISOString() };
  await lease.commit({ puts: [{ entity: "source", value: source, if: "absent" }] });
  return source;
}

function recordSource(context: BuildrelayContext, lease: Lease, source: Source): Promise<void> {
  return retryOnConflict(async () => {
    const current = await unsettled(context.store, idsOf(lease));
    // Settled meanwhile: the next step notices and ends the job.
    if (current === undefined || current.value.sourceId === source.id) return;
    const change = changeDeployment(current, {
      now: context.now(),
      patch: {
        sourceId: source.id,
        commit: source.commit,
        warnings: [...current.value.warnings, ...source.notes.map((note) => ({ code: "source-note", message: note }))],
      },
      entry: { type: "source", message: describe(source) },
    });
    await lease.commit(change);
  });
}

function describe({ commit, files }: Source): string {
  if (commit === null) return files === 1 ? "Took 1 file" : `Took ${files} files`;
  return `Took commit ${commit.sha.slice(0, 7)}: ${commit.message.split("\n", 1)[0] ?? ""}`;
}

async function snapshotOf(context: BuildrelayContext, deployment: Deployment): Promise<Snapshot> {
  const snapshot = await context.store.get("snapshot", { teamId: deployment.teamId, id: deployment.snapshotId });
  if (snapshot === undefined) throw new CloudSmithError("internal", "The configuration snapshot is gone");
  return snapshot.value;
}

async function planFor(
  context: BuildrelayContext,
  deployment: Deployment,
  snapshot: Snapshot,
  source: Source,
  workDir: string,
  signal: AbortSignal,
): Promise<{ ok: true; plan: BuildPlan } | { ok: false; failure: Failure }> {
  const root = join(workDir, "source");
  await unpackSource(source.digest, { teamId: deployment.teamId, blobs: context.blobs, to: root, signal });
  return planSource({
    root,
    dir: source.dir,
    project: snapshot.settings,
    flags: deployment.flags,
    variables: [...Object.keys(snapshot.variables), ...Object.keys(snapshot.secrets)],
  });
}

/** What a person can be told about an error of this stage; undefined for a bug, which is tried again. */
export function knownCause(error: unknown): Failure | undefined {
  if (!(error instanceof CloudSmithError)) return undefined;
  const known = [...causeCodes, ...otherCauses].some((code) => code === error.code);
  return known ? failureOf(error) : undefined;
}

/** Errors that are no bug of ours either: of the disk, the request, and GitHub. */
const otherCauses = [
  "disk-full",
  "invalid-input",
  "locked",
  "not-found",
  "rate-limited",
  "github-unreachable",
  "github-signed-out",
  "github-restricted",
  "github-refused",
] as const;

export function failureOf(error: CloudSmithError): Failure {
  return {
    code: error.code,
    message: error.message,
    ...(error.why !== undefined && { cause: error.why }),
    ...(error.fix !== undefined && { fix: error.fix }),
  };
}
