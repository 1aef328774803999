import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { killTree } from "../process/kill-tree.ts";
import { isRunning, startTicks } from "../process/process-table.ts";

export interface WorkFolder extends AsyncDisposable {
  readonly buildId: string;
  readonly root: string;
  readonly source: string;
  readonly home: string;
  readonly temp: string;
}

const Owner = z.object({ pid: z.number().int(), ticks: z.string().nullable() });
const prefix = "build-";

/** A folder for one build with its source, home and temp; it says who owns it, so that it can be swept when that process was killed. */
export function makeWorkFolder(workDir: string, buildId: string): WorkFolder {
  const root = join(workDir, prefix + buildId);
  const folder = { buildId, root, source: join(root, "source"), home: join(root, "home"), temp: join(root, "tmp") };
  for (const path of [folder.source, folder.home, folder.temp]) mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(root, "owner.json"), JSON.stringify({ pid: process.pid, ticks: startTicks(process.pid) ?? null }));
  return { ...folder, [Symbol.asyncDispose]: () => removeFolder(root) };
}

/** Removes the folders of builds whose process is gone, and kills what is left of those builds. */
export async function sweepBuilds(workDir: string): Promise<void> {
  for (const name of listFolder(workDir)) {
    const root = join(workDir, name);
    const git = /^git-(\d+)-/.exec(name)?.[1];
    if (git !== undefined && !isRunning(Number(git))) await removeFolder(root);
    if (!name.startsWith(prefix) || isOwned(root)) continue;
    await killTree(undefined, name.slice(prefix.length));
    await removeFolder(root);
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was built yet.
    return [];
  }
}

function isOwned(root: string): boolean {
  const owner = Owner.safeParse(readOwner(root));
  if (!owner.success || !isRunning(owner.data.pid)) return false;
  return owner.data.ticks === null || owner.data.ticks === startTicks(owner.data.pid);
}

function readOwner(root: string): unknown {
  try {
    return JSON.parse(readFileSync(join(root, "owner.json"), "utf8"));
  } catch {
    // Missing or half written: its process was killed while it began.
    return undefined;
  }
}

async function removeFolder(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
