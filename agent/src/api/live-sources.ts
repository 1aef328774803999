import { isSettled, type AnyEvent, type Deployment } from "@cloudsmith/contracts";
import { logParts, type LiveMessage, type LogPart, type Subscription } from "@cloudsmith/contracts/api";
import type { LogId } from "@cloudsmith/logs";
import { setTimeout as wait } from "node:timers/promises";
import type { AgentServices } from "../services.ts";
import { findBoth, findDeployment } from "./find.ts";
import type { Progress } from "./live-cursor.ts";
import { logOf } from "./logs.ts";
import type { WakeUps } from "./wake-ups.ts";

/** What a source sends through. */
export interface Channel {
  readonly services: AgentServices;
  readonly wakeUps: WakeUps;
  readonly teamId: string;
  readonly signal: AbortSignal;
  /** Waits while the reader is behind. */
  send(message: LiveMessage, progress?: Progress): Promise<void>;
  progress(): Progress;
}

type Of<T extends Subscription["type"]> = Extract<Subscription, { type: T }>;

/** Timeline of one deployment, and its log part by part; returns when it has settled and all was sent. */
export async function sendDeployment(channel: Channel, subscription: Of<"deployment">): Promise<void> {
  await findDeployment(channel.services.store, channel.teamId, subscription.deployment);
  const logs = subscription.logs ? sendDeploymentLogs(channel, subscription) : Promise.resolve();
  await Promise.all([sendTimeline(channel, subscription), logs]);
}

function concerns(deploymentId: string): (event: AnyEvent) => boolean {
  return (event) => "deploymentId" in event.data && event.data.deploymentId === deploymentId;
}

async function sendTimeline(
  channel: Channel,
  { key, deployment: deploymentId, after }: Of<"deployment">,
): Promise<void> {
  const { services, teamId, signal } = channel;
  const changes = channel.wakeUps.watch(concerns(deploymentId), signal);
  try {
    let last = channel.progress().entry ?? after;
    while (!signal.aborted) {
      // The deployment first: entries that come after this reading are found by the next one.
      const deployment = await findDeployment(services.store, teamId, deploymentId);
      const page = await services.store.list(
        "timelineOfDeployment",
        { teamId, deploymentId, after: last },
        { limit: 500 },
      );
      for (const { value: entry } of page.items) {
        last = entry.number;
        await channel.send({ type: "timeline", key, entry, deployment }, { entry: last });
      }
      if (isSettled(deployment.state) && last >= deployment.timeline) return;
      if (page.items.length === 0) await changes.wait();
    }
  } finally {
    changes.stop();
  }
}

/** States in which a part of the log may still grow. */
const growing: Record<LogPart, readonly Deployment["state"][]> = {
  prepare: ["queued", "preparing"],
  build: ["queued", "preparing", "building"],
  release: ["queued", "preparing", "building", "packaging", "releasing"],
};

async function sendDeploymentLogs(
  channel: Channel,
  { key, deployment: deploymentId }: Of<"deployment">,
): Promise<void> {
  const changes = channel.wakeUps.watch(concerns(deploymentId), channel.signal);
  try {
    const begin = channel.progress().log?.part ?? "prepare";
    for (const part of logParts.slice(
      Math.max(
        0,
        logParts.findIndex((each) => each === begin),
      ),
    )) {
      await sendPart(channel, { key, deploymentId, part }, changes);
      if (channel.signal.aborted) return;
    }
  } finally {
    changes.stop();
  }
}

async function sendPart(
  channel: Channel,
  wanted: { key: string; deploymentId: string; part: LogPart },
  changes: { wait(): Promise<void> },
): Promise<void> {
  const { services, teamId, signal } = channel;
  const { key, deploymentId, part } = wanted;
  const known = channel.progress().log;
  let position = known?.part === part ? known.position : -1;
  const forward = async (
    id: LogId,
    lines: readonly { position: number }[],
    all: Extract<LiveMessage, { type: "log" }>["lines"],
  ): Promise<void> => {
    position = lines.at(-1)?.position ?? position;
    await channel.send({ type: "log", key, part, source: id.id, lines: all }, { log: { part, position } });
  };
  while (!signal.aborted) {
    const deployment = await findDeployment(services.store, teamId, deploymentId);
    const over = !growing[part].includes(deployment.state);
    const id = logOf(deployment, part);
    if (id !== undefined) {
      const page = await services.logs.read(id, { after: position, limit: 1000 });
      if (page.lines.length > 0) await forward(id, page.lines, [...page.lines]);
      if (page.lines.length === 1000) continue;
      if (page.ended) return;
    }
    if (over) return;
    await (id === undefined ? changes.wait() : followUntilChange(channel, id, position, changes, forward));
  }
}

/** Follows a log until its deployment changes, since a part without a single line never ends by itself. */
async function followUntilChange(
  channel: Channel,
  id: LogId,
  after: number,
  changes: { wait(): Promise<void> },
  forward: (
    id: LogId,
    lines: readonly { position: number }[],
    all: Extract<LiveMessage, { type: "log" }>["lines"],
  ) => Promise<void>,
): Promise<void> {
  const change = new AbortController();
  const waiting = changes.wait().then(() => change.abort());
  const signal = AbortSignal.any([channel.signal, change.signal]);
  for await (const lines of channel.services.logs.follow(id, { after, signal })) await forward(id, lines, [...lines]);
  if (!change.signal.aborted)
    await Promise.race([waiting, wait(200, undefined, { signal: channel.signal }).catch(() => undefined)]);
}

/** The run-time log of an environment: of its live release, and of the next one once that is live. Never returns by itself. */
export async function sendRunLog(channel: Channel, subscription: Of<"run-log">): Promise<void> {
  const { services, teamId, signal } = channel;
  const { environment } = await findBoth(services.store, teamId, subscription);
  const changes = channel.wakeUps.watch(
    (event) => "environmentId" in event.data && event.data.environmentId === environment.id,
    signal,
  );
  try {
    let first = channel.progress().log === undefined;
    while (!signal.aborted) {
      const current = await services.store.get("environment", { teamId, id: environment.id });
      if (current === undefined) return;
      const release = current.value.live?.releaseId;
      if (release === undefined) await changes.wait();
      else await sendReleaseLog(channel, subscription, release, first, changes, environment.id);
      first = false;
    }
  } finally {
    changes.stop();
  }
}

async function sendReleaseLog(
  channel: Channel,
  subscription: Of<"run-log">,
  release: string,
  first: boolean,
  changes: { wait(): Promise<void> },
  environmentId: string,
): Promise<void> {
  const { services, teamId, signal } = channel;
  const id: LogId = { teamId, id: `release/${release}` };
  const known = channel.progress().log;
  let position = known?.part === release ? known.position : -1;
  const forward = async (lines: Extract<LiveMessage, { type: "log" }>["lines"]): Promise<void> => {
    position = lines.at(-1)?.position ?? position;
    await channel.send(
      { type: "log", key: subscription.key, part: "run", source: id.id, lines },
      { log: { part: release, position } },
    );
  };
  if (first && position === -1) {
    const page = await services.logs.read(id, { last: Math.max(1, subscription.last) });
    if (subscription.last > 0 && page.lines.length > 0) await forward([...page.lines]);
    else position = page.total - 1;
  }
  const moved = new AbortController();
  const watching = (async () => {
    while (!signal.aborted && !moved.signal.aborted) {
      await changes.wait();
      const now = await services.store.get("environment", { teamId, id: environmentId });
      if (now?.value.live?.releaseId !== release) moved.abort();
    }
  })();
  for await (const lines of services.logs.follow(id, {
    after: position,
    signal: AbortSignal.any([signal, moved.signal]),
  }))
    await forward([...lines]);
  await watching;
}

/** Notices of changes; several at once become one for each thing that changed. Never returns by itself. */
export async function sendTeam(channel: Channel, { key }: Of<"team">): Promise<void> {
  const { teamId, signal } = channel;
  const pending = new Map<string, Extract<LiveMessage, { type: "changed" }>>();
  const off = channel.wakeUps.on((event) => {
    if (event.data.teamId !== teamId) return;
    const { projectId } = event.data;
    const environmentId = "environmentId" in event.data ? event.data.environmentId : null;
    const deploymentId = "deploymentId" in event.data ? event.data.deploymentId : null;
    pending.set(`${projectId} ${environmentId} ${deploymentId}`, {
      type: "changed",
      key,
      projectId,
      environmentId,
      deploymentId,
    });
  });
  const changes = channel.wakeUps.watch((event) => event.data.teamId === teamId, signal, 60_000);
  try {
    // Whoever comes back may have missed any change.
    await channel.send({ type: "changed", key, projectId: null, environmentId: null, deploymentId: null });
    while (!signal.aborted) {
      await changes.wait();
      await wait(50, undefined, { signal }).catch(() => undefined);
      const notices = [...pending.values()];
      pending.clear();
      for (const notice of notices) await channel.send(notice);
    }
  } finally {
    off();
    changes.stop();
  }
}
