import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { BlobStore } from "@cloudsmith/blobs";
import { CloudSmithError, type Commit, type Digest, type SourceRef } from "@cloudsmith/contracts";
import type { LogLine } from "@cloudsmith/logs";
import { packEntries, type PackEntry } from "../archive/pack.ts";
import { unpackArchive } from "../archive/unpack.ts";
import { entryAt } from "../archive/walk.ts";
import { checkGitRef, fetchGit, remoteCommit, type GitContext, type GitRef } from "./fetch-git.ts";
import { listFolder } from "./list-folder.ts";
import { listCheckout } from "./list-checkout.ts";
import { parseDir } from "./parse-source.ts";
import { folderSignature, recallSnapshot, rememberSnapshot, snapshotKey } from "./snapshot-memory.ts";

/** A repository on GitHub has an address once it was looked up by its id. */
export type FetchableSource = Exclude<SourceRef, { type: "github" }>;

export interface SourceLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly seconds: number;
}

const defaultLimits: SourceLimits = { maxBytes: 2e9, maxFiles: 200_000, seconds: 600 };

export interface TakenSource {
  readonly digest: Digest;
  /** Bytes of the compressed snapshot. */
  readonly size: number;
  readonly files: number;
  readonly commit: Commit | null;
  readonly dir: string;
  /** What a person should know: links that leave the folder, LFS pointers, environment files left out. */
  readonly notes: string[];
}

export interface TakeOptions {
  readonly teamId: string;
  readonly blobs: BlobStore;
  readonly workDir: string;
  /** Where it is remembered what was taken before; below `workDir` if not given. */
  readonly cacheDir?: string;
  readonly signal: AbortSignal;
  readonly log: (line: LogLine) => void;
  readonly limits?: SourceLimits;
  /** For https addresses; goes to Git through the environment alone. */
  readonly gitToken?: string;
}

/**
 * Takes an immutable snapshot of a source into the blob store. Equal trees give equal digests. A source that has not changed since its last snapshot is not read again.
 * Throws CloudSmithError with a `source-…` or `git-…` cause.
 */
export async function takeSource(ref: FetchableSource, options: TakeOptions): Promise<TakenSource> {
  mkdirSync(options.workDir, { recursive: true });
  const dir = parseDir(ref.dir);
  const taken = ref.type === "folder" ? await takeFolder(ref, options) : await takeGit(ref, options);
  return { ...taken, dir };
}

type Snapshot = Omit<TakenSource, "dir">;

async function takeFolder(ref: Extract<SourceRef, { type: "folder" }>, options: TakeOptions): Promise<Snapshot> {
  if (statSync(ref.path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new CloudSmithError("source-not-found", `The folder ${ref.path} does not exist`, {
      fix: "Check the path; the project's source can be changed in its settings",
    });
  }
  checkDir(ref.path, ref.dir);
  const takenAt = Date.now();
  const list = await listFolder(ref.path, { includeEnvFiles: ref.includeEnvFiles === true, signal: options.signal });
  const notes =
    list.envFiles.length > 0 && ref.includeEnvFiles !== true
      ? [
          `${list.envFiles.join(", ")} was left out: import it as variables of the project, here or with \`cloudsmith env import\``,
        ]
      : [];
  notes.push(...list.dataFolders.map((folder) => `${folder} is the data folder of CloudSmith; it was left out`));
  const signature = folderSignature(ref.path, list.paths);
  const key = snapshotKey("folder", ref.path, options.teamId);
  const known = await recallSnapshot(options, key, signature.digest);
  if (known !== undefined) return known;
  const snapshot = await store(ref.path, list.paths, notes, null, options);
  // A file changed in the same tick of the clock as it was read would look unchanged next time.
  if (signature.newest < takenAt - 50) rememberSnapshot(options, key, signature.digest, snapshot);
  return snapshot;
}

async function takeGit(ref: GitRef, options: TakeOptions): Promise<Snapshot> {
  checkGitRef(ref);
  const limits = options.limits ?? defaultLimits;
  const context: GitContext = {
    ref,
    signal: options.signal,
    seconds: limits.seconds,
    maxBytes: limits.maxBytes,
    token: options.gitToken,
    onLine: (text) => options.log({ at: new Date().toISOString(), stream: "system", text }),
  };
  const remote = await remoteCommit(context, options.workDir);
  const key = snapshotKey("git", ref.url, options.teamId);
  const known = remote === undefined ? undefined : await recallSnapshot(options, key, remote.sha);
  if (known !== undefined) return known;
  const folder = join(options.workDir, `git-${process.pid}-${randomUUID()}`);
  try {
    const fetched = await fetchGit(context, remote, folder);
    checkDir(folder, ref.dir);
    const list = listCheckout(folder);
    const snapshot = await store(folder, list.paths, [...fetched.notes, ...list.notes], fetched.commit, options);
    rememberSnapshot(options, key, fetched.commit.sha, snapshot);
    return snapshot;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkDir(root: string, dir: string): void {
  if (parseDir(dir) === "" || statSync(join(root, dir), { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new CloudSmithError("source-folder-missing", `The source has no folder ${dir}`, {
    fix: "Give a folder of the source with --dir, or leave it out",
  });
}

async function store(
  root: string,
  paths: readonly string[],
  notes: readonly string[],
  commit: Commit | null,
  options: TakeOptions,
): Promise<Snapshot> {
  const limits = options.limits ?? defaultLimits;
  const all = [...notes];
  const entries = await collect(root, paths, (note) => all.push(note), options.signal);
  if (entries.length === 0)
    throw new CloudSmithError("source-empty", "The source holds no files", {
      fix: "Check the folder and its .gitignore: everything in it is ignored or it is empty",
    });
  const bytes = entries.reduce((total, entry) => total + (entry.type === "file" ? entry.size : 0), 0);
  if (entries.length > limits.maxFiles || bytes > limits.maxBytes) throw tooLarge(entries.length, bytes, limits);
  const content = packEntries(entries, { level: 3, signal: options.signal });
  const { digest, size } = await options.blobs.put({ teamId: options.teamId, kind: "source" }, content, {
    signal: options.signal,
  });
  return { digest, size, files: entries.length, commit, notes: all };
}

async function collect(
  root: string,
  paths: readonly string[],
  note: (message: string) => void,
  signal: AbortSignal,
): Promise<PackEntry[]> {
  const entries: PackEntry[] = [];
  for (const [index, path] of paths.entries()) {
    if (index % 2000 === 1999) await setImmediate();
    signal.throwIfAborted();
    if (lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined) continue;
    const entry = entryAt(root, path, { note });
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function tooLarge(files: number, bytes: number, limits: SourceLimits): CloudSmithError {
  return new CloudSmithError("source-too-large", `The source has ${files} files and ${Math.round(bytes / 1e6)} MB`, {
    why: `At most ${limits.maxFiles} files and ${Math.round(limits.maxBytes / 1e6)} MB are taken`,
    fix: "Add build output, data and media files to .gitignore, or deploy a sub-folder",
  });
}

/** Unpacks a snapshot into `to`, which is created and must be empty. */
export async function unpackSource(
  digest: Digest,
  options: { readonly teamId: string; readonly blobs: BlobStore; readonly to: string; readonly signal: AbortSignal },
): Promise<void> {
  const archive = await options.blobs.open({ teamId: options.teamId, kind: "source" }, digest, {
    signal: options.signal,
  });
  await unpackArchive(archive, options.to, options.signal);
}
