import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { BlobStore } from "@cloudsmith/blobs";
import { Commit, Digest } from "@cloudsmith/contracts";

/** What is kept of a snapshot, so that an unchanged source is not read and packed again. */
const Remembered = z.object({
  signature: z.string(),
  snapshot: z.object({
    digest: Digest,
    size: z.number(),
    files: z.number(),
    commit: Commit.nullable(),
    notes: z.array(z.string()),
  }),
});
type Snapshot = z.infer<typeof Remembered>["snapshot"];

interface Memory {
  readonly workDir: string;
  readonly cacheDir?: string;
  readonly teamId: string;
  readonly blobs: BlobStore;
}

export function snapshotKey(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}

/** What the file system says about the files, without reading them; any change of content changes a time, a size or an inode. `newest` is in milliseconds. */
export function folderSignature(root: string, paths: readonly string[]): { digest: string; newest: number } {
  const hash = createHash("sha256");
  let newest = 0;
  for (const path of paths) {
    const stat = lstatSync(join(root, path), { throwIfNoEntry: false, bigint: true });
    if (stat === undefined) continue;
    hash.update(`${path}\0${stat.mode}\0${stat.size}\0${stat.mtimeNs}\0${stat.ctimeNs}\0${stat.ino}\n`);
    newest = Math.max(newest, Number(stat.ctimeMs));
  }
  return { digest: hash.digest("hex"), newest };
}

/** The snapshot taken before, where the signature is the same and the blob still there. */
export async function recallSnapshot(memory: Memory, key: string, signature: string): Promise<Snapshot | undefined> {
  let text: string;
  try {
    text = readFileSync(memoryFile(memory, key), "utf8");
  } catch {
    // Nothing is remembered yet.
    return undefined;
  }
  const parsed = Remembered.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.signature !== signature) return undefined;
  const there = await memory.blobs.renew({ teamId: memory.teamId, kind: "source" }, parsed.data.snapshot.digest);
  return there ? parsed.data.snapshot : undefined;
}

export function rememberSnapshot(memory: Memory, key: string, signature: string, snapshot: Snapshot): void {
  const file = memoryFile(memory, key);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify({ signature, snapshot }));
  renameSync(`${file}.${process.pid}`, file);
}

function memoryFile(memory: Memory, key: string): string {
  return join(memory.cacheDir ?? memory.workDir, "snapshots", `${key}.json`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
