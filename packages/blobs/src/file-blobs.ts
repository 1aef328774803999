import { createWriteStream, rmSync, statSync } from "node:fs";
import { mkdir, open, rename, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { pipeline as pipe, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CloudSmithError, Digest, TeamId, toCloudSmithError } from "@cloudsmith/contracts";
import type { BlobItem, BlobScope, BlobStore, PutOptions } from "./blob-store.ts";
import { isMissing, namesIn, sweepTempFiles, tempFile } from "./temp-file.ts";
import { damaged, Digester, verifying } from "./verify.ts";

const hexOfDigest = /^[0-9a-f]{64}$/;
const maxPage = 1000;

/**
 * Blobs as files: `<dir>/<team>/<kind>/<first two of the digest>/<digest>`, readable only by their owner. A blob appears
 * by a rename of a synced temp file in `<dir>/tmp`, so a killed writer leaves at most a temp file, which `sweep` removes.
 */
export function openFileBlobs(options: { dir: string }): BlobStore & { sweep(): Promise<void> } {
  const files = new BlobFiles(options.dir);
  return {
    put: (scope, content, putOptions) => files.put(scope, content, putOptions),
    open: (scope, digest, openOptions) => files.open(scope, digest, openOptions?.signal),
    stat: (scope, digest) => files.stat(scope, digest),
    renew: (scope, digest) => files.renew(scope, digest),
    delete: (scope, digest, deleteOptions) => files.delete(scope, digest, deleteOptions?.unlessSince),
    list: (scope, page) => files.list(scope, page?.cursor, page?.limit),
    sweep: () => sweepTempFiles(files.tempDir),
  };
}

class BlobFiles {
  readonly #dir: string;
  readonly tempDir: string;

  constructor(dir: string) {
    this.#dir = dir;
    this.tempDir = join(dir, "tmp");
  }

  async put(scope: BlobScope, content: AsyncIterable<Uint8Array>, options: PutOptions = {}) {
    this.#folderOf(scope);
    await makeFolder(this.tempDir);
    await using temp = tempFile(this.tempDir);
    const digester = new Digester(options.maxBytes);
    try {
      await writeSynced(temp.path, content, digester, options.signal);
      const digest = digester.digest();
      if (options.expected !== undefined && digest !== options.expected) throw damaged(options.expected);
      await this.#publish(temp.path, scope, digest);
      return { digest, size: digester.size };
    } catch (error) {
      throw isStorageOrAbort(error) ? toCloudSmithError(error) : error;
    }
  }

  /** The rename also replaces a copy that is there: that renews its time for cleaners and heals a damaged one. */
  async #publish(temp: string, scope: BlobScope, digest: Digest): Promise<void> {
    const path = this.pathOf(scope, digest);
    const folder = join(path, "..");
    await makeFolder(folder);
    await rename(temp, path);
    await using handle = await open(folder, "r");
    await handle.sync();
  }

  async open(scope: BlobScope, digest: Digest, signal?: AbortSignal): Promise<Readable> {
    const path = this.pathOf(scope, digest);
    signal?.throwIfAborted();
    const handle = await open(path, "r").catch((error: unknown) => {
      throw isMissing(error) ? notFound(digest) : error;
    });
    // The callback only keeps the error from being unhandled: whoever reads the stream gets it from there.
    return pipe(handle.createReadStream(signal === undefined ? {} : { signal }), verifying(digest), () => {});
  }

  async stat(scope: BlobScope, digest: Digest): Promise<{ size: number } | undefined> {
    try {
      return { size: (await stat(this.pathOf(scope, digest))).size };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async renew(scope: BlobScope, digest: Digest): Promise<boolean> {
    const path = this.pathOf(scope, digest);
    try {
      const now = new Date();
      await utimes(path, now, now);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  // oxlint-disable-next-line require-await
  async delete(scope: BlobScope, digest: Digest, unlessSince?: Date): Promise<boolean> {
    const path = this.pathOf(scope, digest);
    // Both in one turn: nothing of this process, which alone has the folder open, can renew it in between.
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && unlessSince !== undefined && found.mtimeMs >= unlessSince.getTime()) return false;
    rmSync(path, { force: true });
    return true;
  }

  async list(scope: BlobScope, cursor = "", limit = 100): Promise<{ items: readonly BlobItem[]; cursor?: string }> {
    const folder = this.#folderOf(scope);
    const wanted = Math.min(Math.max(Math.trunc(limit), 1), maxPage);
    const items: BlobItem[] = [];
    for (const fan of await namesIn(folder)) {
      if (fan < cursor.slice(0, 2)) continue;
      for (const name of await namesIn(join(folder, fan))) {
        if (name <= cursor || !hexOfDigest.test(name)) continue;
        const item = await itemAt(join(folder, fan, name), name);
        if (item === undefined) continue;
        if (items.length === wanted) return { items, cursor: lastName(items) };
        items.push(item);
      }
    }
    return { items };
  }

  pathOf(scope: BlobScope, digest: Digest): string {
    if (!Digest.safeParse(digest).success) throw new CloudSmithError("invalid-input", "That is no digest of a blob");
    const hex = digest.slice("sha256:".length);
    return join(this.#folderOf(scope), hex.slice(0, 2), hex);
  }

  #folderOf({ teamId, kind }: BlobScope): string {
    if (!TeamId.safeParse(teamId).success) throw new CloudSmithError("invalid-input", "That is no id of a team");
    return join(this.#dir, teamId, kind === "source" ? "source" : "artifact");
  }
}

async function writeSynced(
  path: string,
  content: AsyncIterable<Uint8Array>,
  digester: Digester,
  signal: AbortSignal | undefined,
): Promise<void> {
  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      digester.add(chunk);
      yield chunk;
    }
  }
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  // As a stream it can be left behind on abort; a bare iterable that hangs would hold the pipeline up.
  await pipeline(Readable.from(content), counted, file, signal === undefined ? {} : { signal });
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

async function itemAt(path: string, hex: string): Promise<BlobItem | undefined> {
  try {
    const { size, mtime } = await stat(path);
    return { digest: Digest.parse(`sha256:${hex}`), size, modifiedAt: mtime.toISOString() };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function lastName(items: readonly BlobItem[]): string {
  return (items.at(-1)?.digest ?? "").slice("sha256:".length);
}

function isStorageOrAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "AbortError" || ("code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT"));
}

function notFound(digest: Digest): CloudSmithError {
  return new CloudSmithError("not-found", `There is no blob ${digest}`, {
    why: "It was never stored for this team, or it was cleaned up",
    fix: "Deploy again: the content is then stored anew",
  });
}
