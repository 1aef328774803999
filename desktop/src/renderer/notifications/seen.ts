import { useSyncExternalStore } from "react";

const place = "cloudsmith.seen";
const listeners = new Set<() => void>();

/** Until when this browser's person has seen what finished; the first visit has seen everything before it. */
function seenUntil(): string {
  const stored = localStorage.getItem(place);
  if (stored !== null) return stored;
  const now = new Date().toISOString();
  localStorage.setItem(place, now);
  return now;
}

/** Everything that settled up to now has been seen. */
export function markSeen(until: string): void {
  if (until <= seenUntil()) return;
  localStorage.setItem(place, until);
  for (const listener of listeners) listener();
}

window.addEventListener("storage", (event) => {
  // Seen in another tab.
  if (event.key === place) for (const listener of listeners) listener();
});

export function useSeenUntil(): string {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, seenUntil);
}
