import { CloudSmithError } from "@cloudsmith/contracts";
import { blockSize } from "./tar-entry.ts";

export interface TarItem {
  /** As it stands in the archive, unchecked. */
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "other";
  readonly target: string;
  readonly size: number;
  readonly mode: number;
  /** The content, to be read to its end before the next item is asked for; what is not read is passed over. */
  readonly content: AsyncIterable<Buffer>;
}

const types: Readonly<Record<string, TarItem["type"]>> = {
  "0": "file",
  "\0": "file",
  "5": "directory",
  "2": "symlink",
};
const paxLimit = 1024 * 1024;

/** Reads a tar stream (ustar with pax headers for path, linkpath and size). Throws `data-damaged` where it is cut short or a checksum is wrong. */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarItem> {
  const source = new ByteSource(chunks);
  let pax = new Map<string, string>();
  for (;;) {
    const block = await source.take(blockSize);
    if (block.every((byte) => byte === 0)) return;
    checkSum(block);
    const flag = block.toString("latin1", 156, 157);
    const size = Number(pax.get("size") ?? octal(block, 124, 12));
    if (flag === "x") {
      if (size > paxLimit) throw damaged("a header is too long");
      pax = paxRecords(await source.take(size));
      await source.take(padding(size));
      continue;
    }
    let left = size;
    const content = (async function* body(): AsyncGenerator<Buffer> {
      while (left > 0) {
        const chunk = await source.some(left);
        left -= chunk.length;
        yield chunk;
      }
    })();
    const prefix = text(block, 345, 155);
    const name = text(block, 0, 100);
    yield {
      path: pax.get("path") ?? (prefix === "" ? name : `${prefix}/${name}`),
      type: types[flag] ?? "other",
      target: pax.get("linkpath") ?? text(block, 157, 100),
      size,
      mode: octal(block, 100, 8),
      content,
    };
    while (left > 0) left -= (await source.some(left)).length;
    await source.take(padding(size));
    pax = new Map();
  }
}

/** Bytes of a chunked stream by count. */
class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #current: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** At least one byte and at most `limit`. */
  async some(limit: number): Promise<Buffer> {
    while (this.#current.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) throw damaged("it ends too early");
      this.#current = next.value;
    }
    const part = this.#current.subarray(0, limit);
    this.#current = this.#current.subarray(part.length);
    return part;
  }

  async take(count: number): Promise<Buffer> {
    if (count <= this.#current.length) {
      const part = this.#current.subarray(0, count);
      this.#current = this.#current.subarray(count);
      return part;
    }
    const parts: Buffer[] = [];
    for (let left = count; left > 0;) {
      const part = await this.some(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts, count);
  }
}

function padding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

function checkSum(block: Buffer): void {
  let sum = 8 * 0x20;
  for (let index = 0; index < blockSize; index += 1) if (index < 148 || index >= 156) sum += block[index] ?? 0;
  if (sum !== octal(block, 148, 8)) throw damaged("a checksum is wrong");
}

function octal(block: Buffer, at: number, length: number): number {
  const digits = text(block, at, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw damaged("a number is none");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

function text(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString("latin1", at, end === -1 || end > at + length ? at + length : end);
}

function paxRecords(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString("latin1", at, space === -1 ? at : space));
    if (!Number.isInteger(length) || length < 5 || at + length > body.length) throw damaged("a header is not readable");
    const record = body.toString("utf8", space + 1, at + length - 1);
    const equals = record.indexOf("=");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

function damaged(why: string): CloudSmithError {
  return new CloudSmithError("invalid-input", "The archive cannot be read", {
    why,
    fix: "Deploy again; the archive is then made anew",
  });
}
