import type { Outbox } from "@cloudsmith/store";
import { setTimeout as wait } from "node:timers/promises";
import type { EventBus } from "./bus.ts";

/** Events published at once. */
const batch = 200;
const longestPauseMs = 5000;

/**
 * Publishes what commits left in the outbox, in order, until the signal aborts. An entry is removed after it was published: a crash in between
 * publishes it twice, never not at all. While the bus is down the outbox keeps everything.
 */
export async function startRelay(options: {
  outbox: Outbox;
  bus: EventBus;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}): Promise<void> {
  const { outbox, bus, signal, onError } = options;
  let pause = 100;
  while (!signal.aborted) {
    // Asked for before reading, so that a commit in between is not waited out.
    const changed = outbox.changed(signal);
    try {
      const entries = await outbox.pending(batch);
      if (entries.length > 0) {
        await bus.publish(
          entries.map((entry) => entry.event),
          signal,
        );
        await outbox.remove(entries.map((entry) => entry.id));
      }
      pause = 100;
      if (entries.length < batch) await changed;
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await wait(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(longestPauseMs, pause * 2);
    }
  }
}
