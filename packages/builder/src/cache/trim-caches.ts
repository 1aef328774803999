import { readdirSync, rmSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { runningPrograms } from "../process/process-table.ts";

/** Kinds of things in the cache whose entries can go one by one, the one unused for longest first. */
const trimmed = ["artifacts", "dependencies", "frameworks", "downloads", "toolchains"] as const;
const inUseMilliseconds = 10 * 60 * 1000;

interface Item {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/**
 * Removes what was used longest ago until the cache has at most `maxBytes`. What is removed is fetched or made again when it is needed; what was used in the last ten
 * minutes, or runs, stays.
 */
export async function trimCaches(cacheDir: string, maxBytes: number): Promise<void> {
  const items: Item[] = [];
  for (const kind of trimmed) {
    for (const name of names(join(cacheDir, kind))) {
      const path = join(cacheDir, kind, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat !== undefined) items.push({ path, bytes: folderBytes(path), usedAt: stat.mtimeMs });
      await setImmediate();
    }
  }
  let total = items.reduce((sum, item) => sum + item.bytes, 0);
  const running = runningPrograms();
  const removable = items.filter(
    (item) =>
      Date.now() - item.usedAt > inUseMilliseconds && !running.some((program) => program.startsWith(item.path + sep)),
  );
  for (const item of removable.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) return;
    rmSync(item.path, { recursive: true, force: true });
    total -= item.bytes;
    await setImmediate();
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing of that kind was kept yet.
    return [];
  }
}

function folderBytes(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return stat?.size ?? 0;
  let total = 0;
  for (const item of readdirSync(path, { withFileTypes: true })) {
    if (item.isDirectory()) total += folderBytes(join(path, item.name));
    else if (item.isFile()) total += statSync(join(path, item.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return total;
}
