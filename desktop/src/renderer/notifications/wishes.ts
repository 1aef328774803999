import { useSyncExternalStore } from "react";

/** What a person wants to be told of. */
export interface Wishes {
  readonly live: boolean;
  readonly failed: boolean;
  /** By the system too, while nobody looks at the page. */
  readonly system: boolean;
}

const place = "cloudsmith.notifications";
const usual: Wishes = { live: true, failed: true, system: false };
const listeners = new Set<() => void>();
let stored: string | null = null;
let wishes = usual;

export function currentWishes(): Wishes {
  const text = localStorage.getItem(place);
  if (text === stored) return wishes;
  stored = text;
  wishes = { ...usual, ...parsed(text) };
  return wishes;
}

/** What is not readable any more counts as never said. */
function parsed(text: string | null): Partial<Wishes> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([key, on]) => key in usual && typeof on === "boolean"));
  } catch {
    return {};
  }
}

export function changeWishes(change: Partial<Wishes>): void {
  localStorage.setItem(place, JSON.stringify({ ...currentWishes(), ...change }));
  for (const listener of listeners) listener();
}

export function useWishes(): Wishes {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentWishes);
}
