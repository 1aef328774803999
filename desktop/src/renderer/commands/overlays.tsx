import { lazy, Suspense, useEffect } from "react";
import { useAppCommands } from "./app-commands.ts";
import { useShown } from "./palette-state.ts";
import { useCommandKeys } from "./use-keys.ts";

const loadPalette = () => import("./palette.tsx");
const Palette = lazy(async () => ({ default: (await loadPalette()).CommandPalette }));
const Sheet = lazy(async () => ({ default: (await import("./shortcut-sheet.tsx")).ShortcutSheet }));

/** The keyboard of the app, and what it opens; both are loaded when they are first wanted. */
export function CommandOverlays() {
  useAppCommands();
  useCommandKeys();
  const shown = useShown();
  // In time for whoever types on right after the keys that open it.
  useEffect(() => {
    const idle = setTimeout(() => void loadPalette(), 2000);
    return () => clearTimeout(idle);
  }, []);
  return (
    <Suspense>
      {shown === "palette" && <Palette />}
      {shown === "shortcuts" && <Sheet />}
    </Suspense>
  );
}
