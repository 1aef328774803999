import { useSyncExternalStore } from "react";

/** How a person likes logs to be shown, in every window. */
export interface LogOptions {
  readonly wrap: boolean;
  readonly timestamps: boolean;
}

const place = "cloudsmith.log";
const listeners = new Set<() => void>();
let options = read();

function read(): LogOptions {
  const stored = localStorage.getItem(place) ?? "";
  return { wrap: stored.includes("wrap"), timestamps: stored.includes("timestamps") };
}

export function changeLogOptions(change: Partial<LogOptions>): void {
  options = { ...options, ...change };
  localStorage.setItem(place, `${options.wrap ? "wrap " : ""}${options.timestamps ? "timestamps" : ""}`);
  for (const listener of listeners) listener();
}

export function useLogOptions(): LogOptions {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => options,
  );
}
