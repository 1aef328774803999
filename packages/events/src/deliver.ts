import { CloudSmithError, type AnyEvent } from "@cloudsmith/contracts";
import { setTimeout as wait } from "node:timers/promises";
import type { EventHandler, RetryPolicy } from "./bus.ts";

/** How the delivery of an event ended: handled, given up, or stopped by the signal before either. */
export type Outcome =
  | { readonly type: "handled" }
  | { readonly type: "stopped" }
  | { readonly type: "dead"; readonly attempts: number; readonly error: string };

/**
 * Hands an event to its handler until one attempt succeeds or the policy's last one has failed. `before` are attempts that failed
 * earlier, by a process that ended; `onFailed` hears of each failed one. An attempt that the signal stopped does not count.
 */
export async function deliver(
  event: AnyEvent,
  options: {
    readonly handler: EventHandler;
    readonly retries: RetryPolicy;
    readonly signal: AbortSignal;
    readonly before?: number;
    readonly onFailed?: (attempts: number) => void;
  },
): Promise<Outcome> {
  const { handler, retries, signal, before = 0, onFailed } = options;
  for (let attempt = before + 1; !signal.aborted; attempt++) {
    try {
      await tryOnce(event, handler, { signal, attempt, limitMs: retries.attemptMs });
      return { type: "handled" };
    } catch (error) {
      if (signal.aborted) break;
      if (attempt >= retries.attempts) return { type: "dead", attempts: attempt, error: inWords(error) };
      onFailed?.(attempt);
      const pauseMs = Math.min(retries.maxMs, retries.firstMs * 2 ** (attempt - 1));
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return { type: "stopped" };
}

/** One attempt; its own signal aborts with the outer one and when its time is over, and then it has failed even if the handler does not heed it. */
async function tryOnce(
  event: AnyEvent,
  handler: EventHandler,
  { signal, attempt, limitMs }: { signal: AbortSignal; attempt: number; limitMs: number },
): Promise<void> {
  const own = new AbortController();
  const stop = (): void => own.abort(signal.reason);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new CloudSmithError("deadline-exceeded", `The handler took longer than ${limitMs} ms`);
    own.abort(error);
    late.reject(error);
  }, limitMs);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([handler(event, { signal: own.signal, attempt }), late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** What a dead letter says of its last error. */
function inWords(error: unknown): string {
  if (error instanceof CloudSmithError)
    return `${error.code}: ${error.message}${error.why === undefined ? "" : ` (${error.why})`}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
