import { isSettled, type AnyEvent, type Deployment, type Stage } from "@cloudsmith/contracts";
import { logParts, type DeploymentLog } from "@cloudsmith/contracts/api";
import type { LogId, PositionedLine } from "@cloudsmith/logs";
import { setTimeout as wait } from "node:timers/promises";
import { findDeployment } from "./find.ts";
import type { Channel, Of } from "./live-channel.ts";
import { logOf } from "./logs.ts";

/** Timeline of one deployment, and its log part by part; returns when it has settled and all was sent. Throws `not-found`. */
export async function sendDeployment(channel: Channel, subscription: Of<"deployment">): Promise<void> {
  await findDeployment(channel.services.store, channel.teamId, subscription.deployment);
  const logs = subscription.logs ? sendLogs(channel, subscription) : Promise.resolve();
  await Promise.all([sendTimeline(channel, subscription), logs]);
}

function concerns(deploymentId: string): (event: AnyEvent) => boolean {
  return (event) => "deploymentId" in event.data && event.data.deploymentId === deploymentId;
}

async function sendTimeline(
  { services: { store }, teamId, signal, wakeUps, progress, send }: Channel,
  { key, deployment: deploymentId, after }: Of<"deployment">,
): Promise<void> {
  const changes = wakeUps.watch(concerns(deploymentId), signal);
  try {
    let last = progress().entry ?? after;
    while (!signal.aborted) {
      const page = await store.list("timelineOfDeployment", { teamId, deploymentId, after: last }, { limit: 500 });
      // Read after its entries, so that it is never older than what an entry says of it.
      const deployment = await findDeployment(store, teamId, deploymentId);
      for (const { value: entry } of page.items) {
        last = entry.number;
        await send({ type: "timeline", key, entry, deployment }, () => ({ entry: entry.number }));
      }
      if (isSettled(deployment.state) && last >= deployment.timeline) return;
      if (page.items.length === 0) await changes.wait();
    }
  } finally {
    changes.stop();
  }
}

/** One log of one deployment; returns when no line can follow. Throws `not-found`. */
export async function sendLog(channel: Channel, { key, deployment, part, after }: Of<"log">): Promise<void> {
  if (channel.progress().log === undefined) channel.mark({ log: { part, position: after } });
  await findDeployment(channel.services.store, channel.teamId, deployment);
  await sendPart(channel, { key, deployment, part });
}

/** The stage that writes a part of the log. */
const stageOf: Record<DeploymentLog, Stage> = {
  prepare: "preparing",
  build: "building",
  release: "releasing",
  start: "verifying",
};
/** States in which a part of the log may still grow. */
const growing: Record<DeploymentLog, readonly Deployment["state"][]> = {
  prepare: ["queued", "preparing"],
  build: ["queued", "preparing", "building"],
  release: ["queued", "preparing", "building", "packaging", "releasing"],
  start: ["queued", "preparing", "building", "packaging", "releasing", "verifying"],
};
/** How long lines may be on their way after their stage is over, in milliseconds; and how long until a log is marked as ended. */
const lineDelayMs = 150;
const endDelayMs = 2000;

async function sendLogs(channel: Channel, { key, deployment }: Of<"deployment">): Promise<void> {
  const begin = channel.progress().log?.part;
  const first = Math.max(
    0,
    logParts.findIndex((part) => part === begin),
  );
  for (const part of logParts.slice(first)) {
    if (channel.signal.aborted) return;
    await sendPart(channel, { key, deployment, part });
  }
}

interface WantedPart {
  readonly key: string;
  readonly deployment: string;
  readonly part: DeploymentLog;
}

/** One part of the log, from its first unsent line until its stage is over and everything it wrote was sent. */
async function sendPart(channel: Channel, wanted: WantedPart): Promise<void> {
  const { services, wakeUps, progress, send } = channel;
  const { key, part } = wanted;
  const over = new AbortController();
  const signal = AbortSignal.any([channel.signal, over.signal]);
  const changes = wakeUps.watch(concerns(wanted.deployment), signal);
  try {
    const id = await logOnceKnown(channel, wanted, changes);
    if (id === undefined) return;
    const known = progress().log;
    let position = known?.part === part ? known.position : -1;
    let isBeyond = false;
    const forward = async (lines: readonly PositionedLine[]): Promise<void> => {
      position = lines.at(-1)?.position ?? position;
      const own = await ownLines(channel, wanted, lines);
      isBeyond = own.length < lines.length;
      if (isBeyond) over.abort();
      if (own.length === 0) return;
      await send({ type: "log", key, part, source: id.id, lines: own }, () => ({ log: { part, position } }));
    };
    const watching = untilOver({ ...channel, signal }, wanted, changes, id).finally(() => over.abort());
    for await (const lines of services.logs.follow(id, { after: position, signal })) await forward(lines);
    over.abort();
    await watching;
    for (let rest = await services.logs.read(id, { after: position }); rest.lines.length > 0 && !isBeyond;) {
      if (channel.signal.aborted) return;
      await forward(rest.lines);
      rest = await services.logs.read(id, { after: position });
    }
  } finally {
    over.abort();
    changes.stop();
  }
}

/**
 * The lines that belong to the part: what an app writes once it is live does not belong to its start. The deployment is read after its lines
 * were, so that one which is not live by then went live after them.
 */
async function ownLines(
  { services: { store }, teamId }: Channel,
  { deployment: deploymentId, part }: WantedPart,
  lines: readonly PositionedLine[],
): Promise<PositionedLine[]> {
  if (part !== "start") return [...lines];
  const { state, settledAt } = await findDeployment(store, teamId, deploymentId);
  return lines.filter(({ at }) => state !== "live" || settledAt === null || at < settledAt);
}

/** Waits until a part's log has a name; undefined where this deployment goes without that part. */
async function logOnceKnown(
  { services: { store }, teamId, signal }: Channel,
  { deployment: deploymentId, part }: WantedPart,
  changes: { wait(): Promise<void> },
): Promise<LogId | undefined> {
  while (!signal.aborted) {
    const deployment = await findDeployment(store, teamId, deploymentId);
    const ran = deployment.stageTimes.some(({ stage }) => stage === stageOf[part]);
    const id = logOf(deployment, part);
    if (ran && id !== undefined) return id;
    if (!growing[part].includes(deployment.state)) return undefined;
    await changes.wait();
  }
  return undefined;
}

/** Resolves when nothing more comes into a part's log, also where it was never marked as ended. */
async function untilOver(
  { services: { store, logs }, teamId, signal }: Channel,
  { deployment: deploymentId, part }: WantedPart,
  changes: { wait(): Promise<void> },
  id: LogId,
): Promise<void> {
  let deployment = await findDeployment(store, teamId, deploymentId);
  while (growing[part].includes(deployment.state)) {
    await changes.wait();
    if (signal.aborted) return;
    deployment = await findDeployment(store, teamId, deploymentId);
  }
  const finishedAt = deployment.stageTimes.find(({ stage }) => stage === stageOf[part])?.finishedAt ?? null;
  const isRecent = finishedAt === null || Date.now() - Date.parse(finishedAt) < endDelayMs;
  if (!isRecent || signal.aborted) return;
  await wait(lineDelayMs, undefined, { signal }).catch(() => undefined);
  const { total, ended } = await logs.read(id, { last: 1 });
  if (total > 0 && !ended) await wait(endDelayMs, undefined, { signal }).catch(() => undefined);
}
