import { diagnose } from "@cloudsmith/builder";
import type { Failure, PlanWarning, Release } from "@cloudsmith/contracts";
import { goLiveCommit, retryOnConflict, unsettled, type Lease } from "@cloudsmith/deployments";
import { setTimeout as wait } from "node:timers/promises";
import type { DocksageContext } from "./context.ts";
import { environmentOf, type Observation, type ProbeAnswer, type ReleaseParts } from "./targets/target.ts";
import { placed, type LogEnd } from "./log-end.ts";
import { verdict, type Verdict } from "./verdict.ts";

/** Seconds that an app may answer badly after its first answer, on `/` and on a chosen health path. */
const warmUpSeconds = { default: 4, chosen: 30 };
/** Beyond the app's own start limit, the target's time to notice. */
const slackSeconds = 30;
const refusedHost = {
  code: "host-not-allowed",
  message: "The app allows requests for localhost only, so it is given its visitors' requests as such",
  fix: "Allow its own host before it goes elsewhere: ALLOWED_HOSTS in Django, config.hosts in Rails",
} satisfies PlanWarning;

/** How long an exited app's last lines may take to its log, in milliseconds. */
const logDelayMs = 1000;

/** Starts the candidate, judges it, and takes it live. Returns why not, when it must fail; undefined when the job is finished. */
export async function verify(
  context: DocksageContext,
  lease: Lease,
  parts: ReleaseParts,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const { health } = parts.manifest.plan;
  await context.target.converge(environmentOf(parts.release));
  const deadline = Date.now() + (health.startSeconds + slackSeconds) * 1000;
  let answeringSince: number | undefined;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const observation = context.target.observed(parts.release.id);
    const answer =
      observation?.state === "healthy" ? await answerOf(context, parts.release, health.path, signal) : undefined;
    if (answer !== undefined) answeringSince ??= Date.now();
    const found = verdict({
      observation,
      answer,
      predecessor:
        answer === undefined || answer?.status === 200
          ? null
          : await predecessorAnswer(context, parts.release, health.path, signal),
      healthPath: health.path,
      answeringSeconds: answeringSince === undefined ? 0 : (Date.now() - answeringSince) / 1000,
      graceSeconds: health.path === "/" ? warmUpSeconds.default : warmUpSeconds.chosen,
    });
    const ended = await follow(context, lease, parts, found, answer ?? null);
    if (ended !== "wait") return ended;
    const pause = AbortSignal.any([signal, AbortSignal.timeout(answer === undefined ? 2000 : 250)]);
    await (answer === undefined
      ? context.target.changed(pause)
      : wait(250, undefined, { signal }).catch(() => undefined));
  }
  return whyNotHealthy(context, parts, null, true);
}

async function answerOf(
  context: DocksageContext,
  release: Release,
  path: string,
  signal: AbortSignal,
): Promise<ProbeAnswer | null> {
  return release.serve.type === "static" ? { status: 200, body: "" } : context.target.probe(release, path, signal);
}

async function predecessorAnswer(
  context: DocksageContext,
  release: Release,
  path: string,
  signal: AbortSignal,
): Promise<ProbeAnswer | null> {
  const environment = await context.store.get("environment", { teamId: release.teamId, id: release.environmentId });
  const live = environment?.value.live;
  if (live == null || live.releaseId === release.id || environment?.value.desired === "stopped") return null;
  const predecessor = await context.store.get("release", { teamId: release.teamId, id: live.releaseId });
  return predecessor === undefined ? null : answerOf(context, predecessor.value, path, signal);
}

async function follow(
  context: DocksageContext,
  lease: Lease,
  parts: ReleaseParts,
  found: Verdict,
  answer: ProbeAnswer | null,
): Promise<Failure | undefined | "wait"> {
  switch (found.type) {
    case "wait":
      return "wait";
    case "make-exclusive":
      await makeExclusive(context, lease, parts.release);
      return "wait";
    case "accept": {
      const warnings = found.bad ? [await whyBad(context, parts, answer)] : hostWarnings(context, parts.release);
      await goLive(context, lease, parts.release, warnings);
      return undefined;
    }
    case "reject":
      return whyNotHealthy(context, parts, answer, false);
  }
}

async function makeExclusive(context: DocksageContext, lease: Lease, release: Release): Promise<void> {
  await retryOnConflict(async () => {
    const stored = await context.store.get("release", release);
    if (stored === undefined || stored.value.exclusive) return;
    await lease.commit({
      puts: [{ entity: "release", value: { ...stored.value, exclusive: true }, if: { version: stored.version } }],
    });
  });
  await context.target.converge(environmentOf(release));
}

async function goLive(
  context: DocksageContext,
  lease: Lease,
  release: Release,
  warnings: readonly PlanWarning[],
): Promise<void> {
  await retryOnConflict(async () => {
    const current = await unsettled(context.store, { teamId: release.teamId, deploymentId: release.deploymentId });
    const stored = await context.store.get("release", release);
    if (current === undefined || stored === undefined) return lease.finish({});
    const { commit } = await goLiveCommit(context.store, current, stored, context.now(), warnings);
    await lease.finish(commit);
  });
  await context.target.converge(environmentOf(release));
}

/** The end of a candidate's log. Lines reach the log a moment after the target has seen the app write them and exit. */
async function lastWords(
  context: DocksageContext,
  { teamId, id }: Release,
  observation: Observation | undefined,
): Promise<LogEnd> {
  const last = observation?.lastLines.at(-1);
  const deadline = Date.now() + logDelayMs;
  for (;;) {
    const page = await context.logs.read({ teamId, id: `release/${id}` }, { last: 400 });
    const lines = page.lines.map((line) => line.text);
    const isWhole = last === undefined ? lines.length > 0 || observation?.exit == null : lines.includes(last);
    const first = page.lines[0]?.position ?? 0;
    if (isWhole) return { lines, first };
    if (Date.now() > deadline) return { lines: lines.length > 0 ? lines : (observation?.lastLines ?? []), first };
    await wait(50);
  }
}

/** A first deployment that answers badly is live all the same; this says what is wrong with it, as a failure would. */
async function whyBad(context: DocksageContext, parts: ReleaseParts, answer: ProbeAnswer | null): Promise<PlanWarning> {
  const { path } = parts.manifest.plan.health;
  if (answer === null)
    return {
      code: "health-timeout",
      message: `It is live, but ${path} answers nothing`,
      fix: "Look at its log: cloudsmith logs",
    };
  const { code, message, cause, fix } = await whyNotHealthy(context, parts, answer, false);
  return {
    code,
    message: `It is live, but ${path} answers ${answer.status}: ${cause ?? message}`,
    ...(fix !== undefined && { fix }),
  };
}

function hostWarnings({ target }: DocksageContext, { id }: Release): PlanWarning[] {
  if (target.observed(id)?.refusesItsHost !== true) return [];
  const { code, message, fix } = refusedHost;
  return [{ code, message, fix }];
}

/** Why a candidate was refused: what its log, its exit and what it listens on say. */
async function whyNotHealthy(
  context: DocksageContext,
  parts: ReleaseParts,
  answer: ProbeAnswer | null,
  timedOut: boolean,
): Promise<Failure> {
  const observation = context.target.observed(parts.release.id);
  const log = await lastWords(context, parts.release, observation);
  const found = diagnose({
    stage: "verifying",
    plan: parts.manifest.plan,
    log: log.lines,
    ...(observation?.exit != null && { exit: observation.exit }),
    facts: {
      ...(observation !== undefined && { listening: [...observation.listening] }),
      ...(answer !== null && { httpStatus: answer.status, httpBody: answer.body }),
      variables: Object.keys(parts.env).filter((name) => parts.env[name] !== ""),
      outOfMemory: observation?.reason === "out-of-memory",
      timedOut: timedOut || observation?.reason === "health-timeout" || observation?.reason === "port-not-bound",
    },
  });
  return placed(found, log);
}
