import { randomUUID } from "node:crypto";
import { readdirSync, renameSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { runningPrograms } from "../process/process-table.ts";
import { cachesInUse } from "./cache-use.ts";

/** Kinds of things in the cache whose entries can go one by one, the one unused for longest first; some are read from all through a build. */
const trimmed = {
  artifacts: { heldByBuilds: false },
  frameworks: { heldByBuilds: false },
  snapshots: { heldByBuilds: false },
  dependencies: { heldByBuilds: true },
  downloads: { heldByBuilds: true },
  images: { heldByBuilds: true },
  toolchains: { heldByBuilds: true },
} as const;
const inUseMilliseconds = 10 * 60 * 1000;
/** Files looked at in one go before other work gets a turn. */
const turn = 300;
const trash = ".trash-";

interface Item {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
  readonly heldByBuilds: boolean;
}

/**
 * Removes what was used longest ago until the cache has at most `maxBytes`; gives the bytes that came free. What is removed is fetched or made again when it
 * is needed; what was used in the last ten minutes, runs or is named in `programs` stays, and while a build runs what it may read from.
 */
export async function trimCaches(
  cacheDir: string,
  maxBytes: number,
  programs: readonly string[] = [],
): Promise<number> {
  await emptyTrash(cacheDir);
  const items = await itemsOf(cacheDir);
  let total = items.reduce((sum, item) => sum + item.bytes, 0);
  const before = total;
  for (const item of items.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) break;
    if (!(await remove(cacheDir, item, programs))) continue;
    total -= item.bytes;
    await setImmediate();
  }
  return before - total;
}

/** Everything is decided and the entry put out of reach in one turn, so that no build can begin to use it in between. */
async function remove(cacheDir: string, item: Item, programs: readonly string[]): Promise<boolean> {
  if (item.heldByBuilds && cachesInUse()) return false;
  const usedAt = statSync(item.path, { throwIfNoEntry: false })?.mtimeMs;
  if (usedAt === undefined || Date.now() - usedAt <= inUseMilliseconds) return false;
  if ([...programs, ...runningPrograms()].some((program) => program.startsWith(item.path + sep))) return false;
  const out = join(cacheDir, trash + randomUUID());
  renameSync(item.path, out);
  await rm(out, { recursive: true, force: true });
  return true;
}

/** What was put out of reach by a process that was killed before it was gone. */
async function emptyTrash(cacheDir: string): Promise<void> {
  for (const name of names(cacheDir))
    if (name.startsWith(trash)) await rm(join(cacheDir, name), { recursive: true, force: true });
}

async function itemsOf(cacheDir: string): Promise<Item[]> {
  const items: Item[] = [];
  for (const [kind, { heldByBuilds }] of Object.entries(trimmed)) {
    for (const name of names(join(cacheDir, kind))) {
      const path = join(cacheDir, kind, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat !== undefined) items.push({ path, bytes: await bytesOf(path), usedAt: stat.mtimeMs, heldByBuilds });
    }
  }
  return items;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing of that kind was kept yet.
    return [];
  }
}

async function bytesOf(path: string): Promise<number> {
  let total = 0;
  let seen = 0;
  for (const pending = [path]; pending.length > 0;) {
    const next = pending.pop() ?? "";
    const stat = statSync(next, { throwIfNoEntry: false });
    if (stat?.isDirectory() !== true) {
      total += stat?.size ?? 0;
      continue;
    }
    for (const item of entries(next)) {
      if (item.isDirectory()) pending.push(join(next, item.name));
      else if (item.isFile()) total += statSync(join(next, item.name), { throwIfNoEntry: false })?.size ?? 0;
      if (++seen % turn === 0) await setImmediate();
    }
  }
  return total;
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone since it was listed.
    return [];
  }
}
