import type { AnyEvent } from "@cloudsmith/contracts";

/** Lets streams wait for events that concern them. Events only wake: what is sent is read from the store. */
export class WakeUps {
  readonly #listeners = new Set<(event: AnyEvent) => void>();

  wake(event: AnyEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  on(listener: (event: AnyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A level that is raised by matching events: `wait` resolves when it is up, after at most `pollMs`, and lowers it. An event between two waits is not lost. */
  watch(
    matches: (event: AnyEvent) => boolean,
    signal: AbortSignal,
    pollMs = 3000,
  ): { wait(): Promise<void>; stop(): void } {
    let raised = Promise.withResolvers<void>();
    const off = this.on((event) => {
      if (matches(event)) raised.resolve();
    });
    const onAbort = (): void => raised.resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    return {
      async wait() {
        if (signal.aborted) return;
        let timer: NodeJS.Timeout | undefined;
        const poll = new Promise<void>((resolve) => (timer = setTimeout(resolve, pollMs)));
        await Promise.race([raised.promise, poll]);
        clearTimeout(timer);
        raised = Promise.withResolvers<void>();
        if (signal.aborted) raised.resolve();
      },
      stop() {
        off();
        signal.removeEventListener("abort", onAbort);
      },
    };
  }
}
