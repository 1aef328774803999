import type { Outbox } from "@cloudsmith/store";
import { setTimeout as wait } from "node:timers/promises";
import type { EventBus } from "./bus.ts";

/** Events published at once. */
const batch = 200;
const firstPauseMs = 100;
const longestPauseMs = 5000;

/**
 * Publishes what commits left in the outbox, in order; resolves when the signal has aborted. An entry is removed after it was published: a crash in
 * between publishes it twice, never not at all. While the bus is down the outbox keeps everything and `onError` hears of each try.
 */
export async function startRelay(options: {
  outbox: Outbox;
  bus: Pick<EventBus, "publish">;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}): Promise<void> {
  const { signal, onError } = options;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      await relayOnce(options);
      pauseMs = firstPauseMs;
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }
}

/** Publishes one batch, or waits for the next commit where there is none. */
async function relayOnce({ outbox, bus, signal }: Parameters<typeof startRelay>[0]): Promise<void> {
  const enough = new AbortController();
  const stop = (): void => enough.abort();
  signal.addEventListener("abort", stop, { once: true });
  try {
    // Asked for before reading, so that a commit in between is not waited out.
    const changed = outbox.changed(enough.signal);
    const entries = await outbox.pending(batch);
    if (entries.length === 0) return await changed;
    await bus.publish(
      entries.map((entry) => entry.event),
      signal,
    );
    await outbox.remove(entries.map((entry) => entry.id));
  } finally {
    stop();
    signal.removeEventListener("abort", stop);
  }
}
