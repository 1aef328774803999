import { useSyncExternalStore } from "react";

type Shown = "nothing" | "palette" | "shortcuts";
let shown: Shown = "nothing";
const listeners = new Set<() => void>();

/** Opens the palette or the sheet of shortcuts, or closes what is open. */
export function show(next: Shown): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function useShown(): Shown {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
