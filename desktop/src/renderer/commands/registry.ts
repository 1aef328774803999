import type { LucideIcon } from "lucide-react";
import { useEffect, useId, useSyncExternalStore } from "react";

/** Something that a person can do now: the palette finds it, its keys do it, the sheet of shortcuts lists it. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** Heading that it stands under in the palette. */
  readonly group: string;
  readonly icon?: LucideIcon;
  /** `mod+k`, `d`, `?`, or keys one after the other: `g p`. */
  readonly keys?: string;
  /** More words that it is found by. */
  readonly also?: string;
  /** Why it cannot be done now. */
  readonly disabled?: string | undefined;
  readonly run: () => void;
}

const byOwner = new Map<string, readonly Command[]>();
const listeners = new Set<() => void>();
let all: readonly Command[] = [];

function changed(): void {
  all = [...byOwner.values()].flat();
  for (const listener of listeners) listener();
}

/** What can be done on the page that is shown, the newest part of it last. */
export function currentCommands(): readonly Command[] {
  return all;
}

/** Offers commands while the component is shown. */
export function useCommands(commands: readonly Command[]): void {
  const owner = useId();
  useEffect(() => {
    byOwner.set(owner, commands);
    changed();
  });
  useEffect(
    () => () => {
      byOwner.delete(owner);
      changed();
    },
    [owner],
  );
}

/** The same list, drawn again when it changes. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentCommands);
}
