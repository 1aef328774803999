import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, cpSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuildContext } from "../build/build-context.ts";

/**
 * Puts the framework's caches of the last build (`.next/cache`) in place. They are taken, not copied: two builds at once cannot write into one, and a killed build costs a cold one.
 */
export function restoreFrameworkCaches(context: BuildContext): void {
  for (const path of context.plan.caches) {
    const from = place(context, path);
    const to = join(context.appRoot, path);
    if (existsSync(to) || !existsSync(from)) continue;
    mkdirSync(dirname(to), { recursive: true });
    move(from, to);
  }
}

/** Takes the framework's caches out of a work folder that is about to go. */
export function saveFrameworkCaches(context: BuildContext): void {
  for (const path of context.plan.caches) {
    const from = join(context.appRoot, path);
    if (!existsSync(from)) continue;
    const to = place(context, path);
    const old = `${to}.old-${randomUUID()}`;
    mkdirSync(dirname(to), { recursive: true });
    if (existsSync(to)) move(to, old);
    move(from, to);
    const now = new Date();
    utimesSync(to, now, now);
    rmSync(old, { recursive: true, force: true });
  }
}

function place(context: BuildContext, path: string): string {
  const key = createHash("sha256").update(
    [context.cacheKey, context.plan.appDir, context.plan.framework ?? context.plan.kind, path].join("\0"),
  );
  return join(context.cacheDir, "frameworks", key.digest("hex"));
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    // Taken by another build a moment ago: this one starts cold.
    if (error.code === "ENOENT" || error.code === "ENOTEMPTY") return;
    if (error.code !== "EXDEV") throw error;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    rmSync(from, { recursive: true, force: true });
  }
}
