import { useSyncExternalStore } from "react";
import { errorBodyOf } from "../api/errors.ts";
import { common } from "../words/common.ts";
import { sayer } from "../words/say.ts";

export interface Notice {
  readonly title: string;
  readonly description?: string;
  readonly tone?: "success" | "error" | "info" | "warning";
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

/** How long an error stays, in milliseconds. */
const errorMs = 20_000;

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
      // What went wrong takes longer to read; a pointer on it keeps it.
      ...(tone === "error" && { duration: errorMs }),
      ...(description !== undefined && { description }),
      ...(action !== undefined && { action }),
    }),
  );
}

/** Shows an error of something that was asked for by a button: what, why, what to do, an id to quote, and all of it to copy. Where there is room for it, ErrorPanel says more. */
export function toastError(error: unknown): void {
  const body = errorBodyOf(error);
  const { message, cause, fix, correlationId } = body;
  const say = sayer(common);
  const quoted = correlationId === undefined ? undefined : `${say("correlation")} ${correlationId}`;
  const description = [cause, fix, quoted].filter((text) => text !== undefined).join(" · ");
  void toast({
    title: message,
    tone: "error",
    ...(description !== "" && { description }),
    action: {
      label: say("copyDetails"),
      onClick: () => void navigator.clipboard.writeText(JSON.stringify(body, undefined, 2)),
    },
  });
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
