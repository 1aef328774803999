import { closeSync, openSync, readSync } from "node:fs";
import { constants, createZstdCompress } from "node:zlib";
import type { Readable, Writable } from "node:stream";
import { CloudSmithError } from "@cloudsmith/contracts";
import { blockSize, paddingLength, paxBlocks, writeTarHeader, type TarEntry } from "./tar-entry.ts";

/** An entry and, for a file, where its content is read from. */
export type PackEntry = TarEntry & { readonly from?: string };

const chunkBytes = 512 * 1024;
/** A file up to this size goes into a chunk with others. */
const smallBytes = 256 * 1024;

/**
 * A `tar.zst` of the entries as a byte stream. Equal entries in equal order give equal bytes: no times, no owners.
 * Files are read synchronously and straight into one of two chunks, which is several times as fast as a promise and a buffer for each: one is filled while the other
 * is compressed in another thread, and the event loop runs between them.
 */
export function packEntries(
  entries: Iterable<PackEntry>,
  options: { readonly level: number; readonly signal: AbortSignal },
): Readable {
  const compress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: options.level },
    chunkSize: 256 * 1024,
  });
  feed(tarChunks(entries, options.signal), compress).catch((error: unknown) =>
    // Its reader sees the error; where the reader closed it, it is closed already.
    compress.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return compress;
}

async function feed(chunks: Iterable<Buffer>, to: Writable): Promise<void> {
  let written: Promise<void> = Promise.resolve();
  for (const chunk of chunks) {
    await written;
    written = write(to, chunk);
    // Waited for in the next round; until then an error of it is not unhandled.
    written.catch(() => undefined);
  }
  await written;
  to.end();
}

function write(to: Writable, chunk: Buffer): Promise<void> {
  return new Promise((done, failed) => {
    to.write(chunk, (error) => (error == null ? done() : failed(error)));
  });
}

/** Two chunks that are filled in turn: one is filled anew when the other was taken, and by then it has to be used up. */
class Chunks {
  readonly #both = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)] as const;
  current: Buffer = this.#both[0];
  used = 0;

  /** What is filled, where less than `bytes` are left beside it. */
  *makeRoom(bytes: number): Generator<Buffer> {
    if (this.used + bytes <= chunkBytes) return;
    yield this.current.subarray(0, this.used);
    this.current = this.current === this.#both[0] ? this.#both[1] : this.#both[0];
    this.used = 0;
  }
}

function* tarChunks(entries: Iterable<PackEntry>, signal: AbortSignal): Generator<Buffer> {
  const chunks = new Chunks();
  for (const entry of entries) {
    signal.throwIfAborted();
    const pax = paxBlocks(entry);
    const small = entry.type === "file" && entry.size <= smallBytes;
    yield* chunks.makeRoom(pax.length + blockSize * 2 + (small ? entry.size : 0));
    chunks.current.set(pax, chunks.used);
    chunks.used += pax.length;
    if (small) {
      chunks.used += writeFile(entry, chunks.current, chunks.used);
      continue;
    }
    writeTarHeader(entry, chunks.current, chunks.used);
    chunks.used += blockSize;
    if (entry.type === "file") yield* largeFile(entry, chunks);
  }
  yield* chunks.makeRoom(blockSize * 2);
  chunks.current.fill(0, chunks.used, chunks.used + blockSize * 2);
  yield chunks.current.subarray(0, chunks.used + blockSize * 2);
}

/** Writes header, content and padding of a small file into a chunk that has room for them; their length. */
function writeFile(entry: PackEntry & { readonly type: "file" }, chunk: Buffer, at: number): number {
  const from = entry.from ?? entry.path;
  const start = at + blockSize;
  const size = readWhole(from, chunk, start, entry.size);
  // What is read decides the size: a file that became shorter meanwhile cannot break the archive.
  writeTarHeader(size === entry.size ? entry : { ...entry, size }, chunk, at);
  const padding = paddingLength(size);
  chunk.fill(0, start + size, start + size + padding);
  return blockSize + size + padding;
}

/** Reads a file of the expected size into a chunk; the bytes read. One that grew is taken as far as it was when it was listed. */
function readWhole(path: string, chunk: Buffer, at: number, expected: number): number {
  if (expected === 0) return 0;
  const file = openSync(path, "r");
  try {
    let size = 0;
    while (size < expected) {
      const read = readSync(file, chunk, at + size, expected - size, null);
      if (read === 0) break;
      size += read;
    }
    return size;
  } finally {
    closeSync(file);
  }
}

/** A file's content in parts, as much as each chunk has room for, and its padding. */
function* largeFile(entry: PackEntry & { readonly type: "file" }, chunks: Chunks): Generator<Buffer> {
  const from = entry.from ?? entry.path;
  const file = openSync(from, "r");
  try {
    for (let left = entry.size; left > 0;) {
      yield* chunks.makeRoom(1);
      const room = Math.min(left, chunkBytes - chunks.used);
      const read = readSync(file, chunks.current, chunks.used, room, null);
      if (read === 0)
        throw new CloudSmithError("conflict", `${from} became shorter while it was read`, {
          fix: "Wait until nothing writes to the folder, then deploy again",
        });
      left -= read;
      chunks.used += read;
    }
  } finally {
    closeSync(file);
  }
  const padding = paddingLength(entry.size);
  yield* chunks.makeRoom(padding);
  chunks.current.fill(0, chunks.used, chunks.used + padding);
  chunks.used += padding;
}
