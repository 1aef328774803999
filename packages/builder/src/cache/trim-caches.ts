import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

/** Kinds of things in the cache whose entries can go one by one, oldest first. */
const trimmed = ["artifacts", "dependencies", "frameworks", "toolchains", "downloads"] as const;

/** Removes what was used longest ago until the cache has at most `maxBytes`. What is removed is fetched or made again when it is needed. */
export async function trimCaches(cacheDir: string, maxBytes: number): Promise<void> {
  const items: { path: string; bytes: number; usedAt: number }[] = [];
  for (const kind of trimmed) {
    for (const name of names(join(cacheDir, kind))) {
      const path = join(cacheDir, kind, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat !== undefined) items.push({ path, bytes: folderBytes(path), usedAt: stat.mtimeMs });
      await setImmediate();
    }
  }
  let total = items.reduce((sum, item) => sum + item.bytes, 0);
  for (const item of items.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) return;
    rmSync(item.path, { recursive: true, force: true });
    total -= item.bytes;
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
