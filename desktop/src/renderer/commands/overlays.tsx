import { lazy, Suspense } from "react";
import { useAppCommands } from "./app-commands.ts";
import { useShown } from "./palette-state.ts";
import { useCommandKeys } from "./use-keys.ts";

const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).CommandPalette }));
const Sheet = lazy(async () => ({ default: (await import("./shortcut-sheet.tsx")).ShortcutSheet }));

/** The keyboard of the app, and what it opens; both are loaded when they are first wanted. */
export function CommandOverlays() {
  useAppCommands();
  useCommandKeys();
  const shown = useShown();
  return (
    <Suspense>
      {shown === "palette" && <Palette />}
      {shown === "shortcuts" && <Sheet />}
    </Suspense>
  );
}
