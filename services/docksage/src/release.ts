import { diagnose } from "@cloudsmith/builder";
import { causeCodes, CloudSmithError, newId, type Deployment, type Failure, type Release } from "@cloudsmith/contracts";
import {
  changeDeployment,
  failDeployment,
  failure,
  moveDeployment,
  retired,
  retryOnConflict,
  settleCanceled,
  unsettled,
  type JobHandler,
  type Lease,
} from "@cloudsmith/deployments";
import { createMasker, endLog } from "@cloudsmith/logs";
import type { Stored } from "@cloudsmith/store";
import type { DocksageContext } from "./context.ts";
import { placed } from "./log-end.ts";
import { releaseParts } from "./release-parts.ts";
import { environmentOf, type ReleaseParts } from "./targets/target.ts";
import { verify } from "./verify.ts";

const defaultReleaseSeconds = 30 * 60;

/** The stages `releasing` and `verifying`: files in place, release command, candidate started and judged, live pointer moved. */
export function releaseHandler(context: DocksageContext): JobHandler {
  return {
    run: (lease, signal) => release(context, lease, signal),
    async canceled(lease) {
      await settleCanceled(context.store, idsOf(lease), context.now);
      await endLog(context.logs, stepLog(lease.job.teamId, lease.job.subject));
      await dropCandidate(context, lease.job.teamId, lease.job.subject);
      await lease.finish({}, "canceled");
    },
    async dead(job, error) {
      await endLog(context.logs, stepLog(job.teamId, job.subject));
      await failDeployment(
        context.store,
        { teamId: job.teamId, deploymentId: job.subject },
        failureOf(error),
        context.now,
      );
      await dropCandidate(context, job.teamId, job.subject);
    },
  };
}

const stepLog = (teamId: string, deploymentId: string) => ({ teamId, id: `release-step/${deploymentId}` });
const idsOf = (lease: Lease) => ({ teamId: lease.job.teamId, deploymentId: lease.job.subject });

async function release(context: DocksageContext, lease: Lease, signal: AbortSignal): Promise<void> {
  try {
    const begun = await begin(context, lease);
    if (begun !== undefined) {
      const parts = await prepared(context, lease, begun, signal);
      const outcome = parts.ok ? await verify(context, lease, parts.parts, signal) : parts.failure;
      if (outcome !== undefined) await fail(context, lease, outcome);
      return;
    }
    await dropCandidate(context, lease.job.teamId, lease.job.subject);
    await lease.finish({});
  } catch (error) {
    const known =
      error instanceof CloudSmithError &&
      (error.code === "disk-full" || error.code === "locked" || causeCodes.some((code) => code === error.code));
    if (!known || signal.aborted) throw error;
    await fail(context, lease, failureOf(error));
  }
}

/** Moves to `releasing` and makes the release's record, or adopts the one of an earlier attempt. Undefined when there is nothing left to do. */
function begin(context: DocksageContext, lease: Lease): Promise<Release | undefined> {
  return retryOnConflict(async () => {
    const current = await unsettled(context.store, idsOf(lease));
    if (current === undefined || current.value.artifact === null) return undefined;
    const { teamId } = current.value;
    if (current.value.releaseId !== null)
      return (await context.store.get("release", { teamId, id: current.value.releaseId }))?.value;
    const value = await newRelease(context, current.value, current.value.artifact);
    const options = {
      now: context.now(),
      patch: { releaseId: value.id },
      entry: { type: "release" as const, message: "Releasing" },
    };
    const change =
      current.value.state === "releasing"
        ? changeDeployment(current, options)
        : moveDeployment(current, { type: "advance", to: "releasing" }, options);
    await lease.commit({ ...change, puts: [...change.puts, { entity: "release", value, if: "absent" }] });
    return value;
  });
}

async function newRelease(context: DocksageContext, deployment: Deployment, artifact: string): Promise<Release> {
  const { teamId, projectId, environmentId, id: deploymentId, sequence, snapshotId, buildId } = deployment;
  const build = buildId === null ? undefined : await context.store.get("build", { teamId, id: buildId });
  if (build?.value.manifest == null)
    throw new CloudSmithError("artifact-missing", "The record of what was built is gone", { fix: "Deploy again" });
  const at = context.now().toISOString();
  return {
    id: newId("release"),
    teamId,
    projectId,
    environmentId,
    deploymentId,
    sequence,
    artifact,
    snapshotId,
    serve: build.value.manifest.plan.serve,
    desired: "running",
    prepared: false,
    exclusive: false,
    observed: { state: "unknown", at, port: null, restarts: 0, detail: null, url: null, plainUrl: null },
    retiredAt: null,
    createdAt: at,
  };
}

type Prepared = { readonly ok: true; readonly parts: ReleaseParts } | { readonly ok: false; readonly failure: Failure };

/** Files in place and the release command run, once. */
async function prepared(
  context: DocksageContext,
  lease: Lease,
  value: Release,
  signal: AbortSignal,
): Promise<Prepared> {
  const parts = await releaseParts(context.store, context.secrets, value);
  await context.target.prepare(parts, signal);
  if (value.prepared) return { ok: true, parts };
  const problem = await releaseCommand(context, parts, signal);
  if (problem !== undefined) return { ok: false, failure: problem };
  await retryOnConflict(async () => {
    const current = await unsettled(context.store, idsOf(lease));
    const stored = await context.store.get("release", value);
    // Settled or destroyed meanwhile: verifying notices and ends the job.
    if (current?.value.state !== "releasing" || stored === undefined) return;
    const change = moveDeployment(
      current,
      { type: "advance", to: "verifying" },
      { now: context.now(), entry: { type: "state", message: "Starting" } },
    );
    await lease.commit({
      ...change,
      puts: [
        ...change.puts,
        { entity: "release", value: { ...stored.value, prepared: true }, if: { version: stored.version } },
      ],
    });
  });
  return { ok: true, parts };
}

async function releaseCommand(
  context: DocksageContext,
  parts: ReleaseParts,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const { plan } = parts.manifest;
  const command = plan.commands.release;
  if (command === null) return undefined;
  const { teamId, deploymentId } = parts.release;
  const seconds = context.releaseCommandSeconds ?? defaultReleaseSeconds;
  const id = stepLog(teamId, deploymentId);
  const writer = context.logs.writer(id, { mask: createMasker(parts.secretValues) });
  try {
    const result = await context.target.runReleaseCommand(parts, command, {
      log: (line) => writer.write(line),
      signal,
      seconds,
    });
    signal.throwIfAborted();
    await writer.end();
    if (result.exit.code === 0) return undefined;
    if (result.timedOut)
      return {
        code: "release-timeout",
        message: `The release command ran longer than ${seconds < 120 ? `${seconds} seconds` : `${seconds / 60} minutes`}`,
        fix: "Make it shorter, or run it by hand",
      };
    const { lines } = await context.logs.read(id, { last: 400 });
    const found = diagnose({
      stage: "releasing",
      plan,
      log: lines.map((line) => line.text),
      exit: result.exit,
      facts: { variables: Object.keys(parts.env).filter((name) => parts.env[name] !== "") },
    });
    const whole = placed(found, { first: lines[0]?.position ?? 0 });
    return whole.code === "build-failed" ? { ...whole, code: "release-command-failed" } : whole;
  } finally {
    await writer.close();
  }
}

async function fail(context: DocksageContext, lease: Lease, reason: Failure): Promise<void> {
  const dropped = await retryOnConflict(async () => {
    const current = await unsettled(context.store, idsOf(lease));
    const candidate = await candidateOf(context, lease.job.teamId, lease.job.subject);
    const change = current === undefined ? { puts: [], events: [] } : failure(current, reason, context.now());
    await lease.finish({
      ...change,
      puts: [...change.puts, ...(candidate === undefined ? [] : [retired(candidate, context.now())])],
    });
    return candidate;
  });
  if (dropped !== undefined) await context.target.converge(environmentOf(dropped.value));
}

async function candidateOf(
  context: DocksageContext,
  teamId: string,
  deploymentId: string,
): Promise<Stored<"release"> | undefined> {
  const deployment = await context.store.get("deployment", { teamId, id: deploymentId });
  if (deployment?.value.releaseId == null) return undefined;
  const found = await context.store.get("release", { teamId, id: deployment.value.releaseId });
  return found === undefined || found.value.retiredAt !== null ? undefined : found;
}

/** Retires the release of a deployment that did not go live. */
async function dropCandidate(context: DocksageContext, teamId: string, deploymentId: string): Promise<void> {
  const dropped = await retryOnConflict(async () => {
    const candidate = await candidateOf(context, teamId, deploymentId);
    const environment =
      candidate === undefined
        ? undefined
        : await context.store.get("environment", { teamId, id: candidate.value.environmentId });
    if (candidate === undefined || environment?.value.live?.releaseId === candidate.value.id) return undefined;
    await context.store.commit({ puts: [retired(candidate, context.now())] });
    return candidate;
  });
  if (dropped !== undefined) await context.target.converge(environmentOf(dropped.value));
}

function failureOf(error: CloudSmithError): Failure {
  return {
    code: error.code,
    message: error.message,
    ...(error.why !== undefined && { cause: error.why }),
    ...(error.fix !== undefined && { fix: error.fix }),
  };
}
