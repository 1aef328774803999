import { useSyncExternalStore } from "react";
import { errorBodyOf } from "../api/errors.ts";

export interface Notice {
  readonly title: string;
  readonly description?: string;
  readonly tone?: "success" | "error" | "info" | "warning";
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

let used = false;
const listeners = new Set<() => void>();

/** Shows a short notice that goes away by itself. The part that draws it is loaded with the first one. */
export async function toast({ title, description, tone = "success", action }: Notice): Promise<void> {
  const { toaster } = await import("./toaster.tsx");
  used = true;
  for (const listener of listeners) listener();
  requestAnimationFrame(() =>
    toaster.create({
      title,
      type: tone,
      ...(description !== undefined && { description }),
      ...(action !== undefined && { action }),
    }),
  );
}

/** Shows an error of something that was asked for by a button; where there is room for it, ErrorPanel says more. */
export function toastError(error: unknown): void {
  const { message, cause, fix } = errorBodyOf(error);
  const description = [cause, fix].filter((text) => text !== undefined).join(" · ");
  void toast({ title: message, tone: "error", ...(description !== "" && { description }) });
}

/** Whether there ever was one. */
export function useToastsUsed(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => used,
  );
}
