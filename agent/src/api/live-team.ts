import type { LiveMessage } from "@cloudsmith/contracts/api";
import { setTimeout as wait } from "node:timers/promises";
import type { Channel, Of } from "./live-channel.ts";

/** Changes that come within this time are told together, in milliseconds. */
const gatherMs = 50;

/** Notices of changes; several at once become one for each thing that changed. Never returns by itself. */
export async function sendTeam({ teamId, signal, wakeUps, send }: Channel, { key }: Of<"team">): Promise<void> {
  const pending = new Map<string, Extract<LiveMessage, { type: "changed" }>>();
  const changes = wakeUps.watch(
    (event) => {
      if (event.data.teamId !== teamId) return false;
      const { projectId } = event.data;
      const environmentId = "environmentId" in event.data ? event.data.environmentId : null;
      const deploymentId = "deploymentId" in event.data ? event.data.deploymentId : null;
      const notice = { type: "changed" as const, key, projectId, environmentId, deploymentId };
      pending.set(`${projectId} ${environmentId} ${deploymentId}`, notice);
      return true;
    },
    signal,
    60_000,
  );
  try {
    // Whoever comes back may have missed any change.
    await send({ type: "changed", key, projectId: null, environmentId: null, deploymentId: null }, () => ({}));
    while (!signal.aborted) {
      await changes.wait();
      await wait(gatherMs, undefined, { signal }).catch(() => undefined);
      const notices = [...pending.values()];
      pending.clear();
      for (const notice of notices) await send(notice, () => ({}));
    }
  } finally {
    changes.stop();
  }
}
