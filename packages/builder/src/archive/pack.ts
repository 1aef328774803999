import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { constants, createZstdCompress } from "node:zlib";
import { pipeline } from "node:stream";
import { Readable } from "node:stream";
import { CloudSmithError } from "@cloudsmith/contracts";
import { blockSize, tarHeader, tarPadding, type TarEntry } from "./tar-entry.ts";

/** An entry and, for a file, where its content is read from. */
export type PackEntry = TarEntry & { readonly from?: string };

const chunkBytes = 256 * 1024;

/**
 * A `tar.zst` of the entries as a byte stream. Equal entries in equal order give equal bytes: no times, no owners.
 * Small files are read synchronously into 256 KiB chunks, which is several times as fast as a promise for each; the event loop runs between chunks.
 */
export function packEntries(
  entries: Iterable<PackEntry>,
  options: { readonly level: number; readonly signal: AbortSignal },
): Readable {
  const compress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: options.level },
    chunkSize: chunkBytes,
  });
  // pipeline destroys both ends on an error, and the reader of `compress` sees that error; nothing is left for this callback.
  pipeline(Readable.from(tarChunks(entries, options.signal), { objectMode: false }), compress, () => undefined);
  return compress;
}

async function* tarChunks(entries: Iterable<PackEntry>, signal: AbortSignal): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for (const entry of entries) {
    signal.throwIfAborted();
    for (const part of entryParts(entry)) {
      parts.push(part);
      length += part.length;
      if (length < chunkBytes) continue;
      yield Buffer.concat(parts, length);
      parts = [];
      length = 0;
    }
  }
  parts.push(Buffer.alloc(blockSize * 2));
  yield Buffer.concat(parts);
}

function* entryParts(entry: PackEntry): Generator<Buffer> {
  if (entry.type !== "file") {
    yield tarHeader(entry);
    return;
  }
  const from = entry.from ?? entry.path;
  if (entry.size <= chunkBytes) {
    // What is read decides the size: a file that grew meanwhile cannot break the archive.
    const content = readFileSync(from);
    yield tarHeader({ ...entry, size: content.length });
    yield content;
    yield tarPadding(content.length);
    return;
  }
  yield tarHeader(entry);
  yield* largeFile(from, entry.size);
  yield tarPadding(entry.size);
}

function* largeFile(path: string, size: number): Generator<Buffer> {
  const file = openSync(path, "r");
  try {
    for (let left = size; left > 0;) {
      const chunk = Buffer.allocUnsafe(Math.min(left, chunkBytes));
      const read = readSync(file, chunk, 0, chunk.length, null);
      if (read === 0)
        throw new CloudSmithError("conflict", `${path} became shorter while it was read`, {
          fix: "Wait until nothing writes to the folder, then deploy again",
        });
      left -= read;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}
