import { randomUUID } from "node:crypto";
import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Digest } from "@cloudsmith/contracts";
import type { PackEntry } from "../archive/pack.ts";

interface ArtifactPlace {
  readonly cacheDir: string;
  readonly teamId: string;
  readonly digest: Digest;
}

/**
 * Keeps the tree of an artifact that was just packed, so that a release on this machine need not unpack it: made of hard links out of the work folder.
 * What the next build finds again and may write over (`kept`: the framework's caches, which can be what is served) is copied, or that build would change a live release.
 * It serves one release (`takeArtifactTree`), which then owns it.
 */
export async function keepArtifactTree(
  place: ArtifactPlace,
  entries: readonly PackEntry[],
  { kept, signal }: { readonly kept: readonly string[]; readonly signal: AbortSignal },
): Promise<void> {
  const folder = treeFolder(place);
  const fresh = `${folder}.new-${randomUUID()}`;
  try {
    mkdirSync(fresh, { recursive: true });
    const made = new Set([fresh]);
    for (const [index, entry] of entries.entries()) {
      if (index % 400 === 399) await setImmediate();
      signal.throwIfAborted();
      placeEntry(entry, { to: join(fresh, entry.path), made, kept });
    }
    renameSync(fresh, folder);
  } catch (error) {
    signal.throwIfAborted();
    // Another build of the same artifact kept its tree already; or the disk is full, and then the blob is enough.
    if (!(error instanceof Error && "code" in error)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Moves the kept tree of an artifact to `to`, which must not exist; false where none is kept. */
export function takeArtifactTree(place: ArtifactPlace, to: string): boolean {
  try {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(treeFolder(place), to);
    return true;
  } catch {
    // Not kept, taken by another release, or on another disk: the blob serves as well.
    return false;
  }
}

function treeFolder({ cacheDir, teamId, digest }: ArtifactPlace): string {
  return join(cacheDir, "artifacts", `${teamId}-${digest.replace(":", "-")}`);
}

interface Placing {
  readonly to: string;
  /** Folders that are there already. */
  readonly made: Set<string>;
  /** Folders whose files must not be shared. */
  readonly kept: readonly string[];
}

function placeEntry(entry: PackEntry, { to, made, kept }: Placing): void {
  const folder = entry.type === "directory" ? to : dirname(to);
  if (!made.has(folder)) {
    mkdirSync(folder, { recursive: true });
    made.add(folder);
  }
  if (entry.type === "symlink") symlinkSync(entry.target, to);
  if (entry.type !== "file") return;
  const from = entry.from ?? entry.path;
  if (kept.some((cache) => from.startsWith(cache + sep))) return copyFileSync(from, to);
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
