import { setTimeout as wait } from "node:timers/promises";

/** Wakes those who wait for commits: at once for this process's own, and when `poll` says so for those of others. */
export class Changes {
  #next = Promise.withResolvers<void>();

  /** Tells everyone who waits now. */
  tell(): void {
    const told = this.#next;
    this.#next = Promise.withResolvers<void>();
    told.resolve();
  }

  /** Resolves at the next `tell`, when `poll`, asked every `everyMs`, answers true, or when the signal aborts. Never rejects. */
  async next(signal: AbortSignal, everyMs: number, poll: () => boolean): Promise<void> {
    const enough = new AbortController();
    const stop = (): void => enough.abort();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      await Promise.race([this.#next.promise, polled(enough.signal, everyMs, poll)]);
    } finally {
      stop();
      signal.removeEventListener("abort", stop);
    }
  }
}

async function polled(signal: AbortSignal, everyMs: number, poll: () => boolean): Promise<void> {
  while (!signal.aborted) {
    await wait(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (poll()) return;
  }
}
