import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

/** One clock for all that is under way; ticks ten times a second while something listens. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 100);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const stands = (): (() => void) => () => undefined;

/** The time in milliseconds since 1970, kept up to date while something is under way. */
export function useNow(ticks: boolean): number {
  return useSyncExternalStore(ticks ? subscribe : stands, () => now);
}
