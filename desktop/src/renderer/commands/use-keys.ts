import { useEffect } from "react";
import { currentCommands } from "./registry.ts";
import { KeySequence, pressOf } from "./keys.ts";

/** Runs commands by their keys. One handler for the window; a page offers commands instead of listening itself. */
export function useCommandKeys(): void {
  useEffect(() => {
    const sequence = new KeySequence();
    const onKey = (event: KeyboardEvent): void => {
      const press = pressOf(event);
      if (event.defaultPrevented || event.isComposing || (isTyped(event.target) && !press.startsWith("mod+"))) return;
      // A dialog has the keyboard to itself.
      if (
        document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"]') !== null
      )
        return;
      const commands = currentCommands().filter(({ keys, disabled }) => keys !== undefined && disabled === undefined);
      const keys = sequence.press(
        press,
        commands.flatMap((command) => command.keys ?? []),
        event.timeStamp,
      );
      if (keys === undefined) return;
      event.preventDefault();
      // The part of the page that came last is the one that is looked at.
      commands.findLast((command) => command.keys === keys)?.run();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function isTyped(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
