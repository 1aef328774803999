import { type FileHandle, open } from "node:fs/promises";
import { FolderChanges } from "./folder-changes.ts";
import { countLines, cutLine, decodeLines } from "./line-format.ts";
import { isMissing, type Listing, listLog, type Segment } from "./log-folder.ts";
import type { PositionedLine } from "./log-store.ts";

const chunkBytes = 256 * 1024;

/** Batches of the log in a folder from `after` (exclusive) on, as they are written. */
export async function* followLog(
  folder: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly PositionedLine[]> {
  await using cursor = new Cursor(folder, after + 1);
  using changes = new FolderChanges(folder);
  while (!signal.aborted) {
    const lines = await cursor.next();
    if (lines === "ended") return;
    if (lines.length > 0) yield lines;
    else await changes.next(signal);
  }
}

/** A place in a log, kept as an open file and an offset so that no byte is read twice. */
class Cursor implements AsyncDisposable {
  readonly #folder: string;
  /** Of the next line to give out. */
  #wanted: number;
  readonly #buffer = Buffer.allocUnsafe(chunkBytes);
  #segment: Segment | undefined;
  #handle: FileHandle | undefined;
  #offset = 0;
  /** Of the line at the offset. */
  #position = 0;

  constructor(folder: string, from: number) {
    this.#folder = folder;
    this.#wanted = Math.max(from, 0);
  }

  /** The next lines that are stored; none when there are none now. */
  async next(): Promise<readonly PositionedLine[] | "ended"> {
    for (;;) {
      const before = await this.#readOn();
      if (before.length > 0) return before;
      const listing = await listLog(this.#folder);
      // Whatever this listing saw begin or end, all of this segment was written ahead of it.
      const rest = await this.#readOn();
      if (rest.length > 0) return rest;
      const segment = nextSegment(listing, this.#segment, this.#wanted);
      if (segment === undefined) return isOver(listing, this.#segment) ? "ended" : [];
      const gap = this.#gapBefore(segment, listing.cutFrom ?? 0);
      if (!(await this.#open(segment))) continue;
      if (gap.length > 0) return gap;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  /** Whole lines from the offset on that are wanted; reads until it has some or nothing is left. */
  async #readOn(): Promise<PositionedLine[]> {
    const buffer = this.#buffer;
    while (this.#handle !== undefined) {
      const { bytesRead } = await this.#handle.read(buffer, 0, chunkBytes, this.#offset);
      const whole = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1);
      if (whole.length === 0) return [];
      const end = this.#position + countLines(whole);
      const lines = decodeLines(whole, this.#position, this.#wanted, end);
      this.#offset += whole.length;
      this.#position = end;
      this.#wanted = Math.max(this.#wanted, end);
      if (lines.length > 0) return lines;
    }
    return [];
  }

  async #open(segment: Segment): Promise<boolean> {
    try {
      const handle = await open(segment.path, "r");
      await this.#handle?.close();
      this.#handle = handle;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
    this.#segment = segment;
    this.#offset = 0;
    this.#position = segment.first;
    return true;
  }

  /** The line that stands for those that were cut ahead of a segment, when they are wanted. */
  #gapBefore(segment: Segment, cutFrom: number): PositionedLine[] {
    if (segment.first <= this.#wanted) return [];
    this.#wanted = segment.first;
    return [cutLine(segment.first - 1, segment.at, segment.first - cutFrom)];
  }
}

/** The segment that holds the wanted line, or the one behind it when it was cut; undefined when it is the current one. */
function nextSegment({ segments }: Listing, current: Segment | undefined, wanted: number): Segment | undefined {
  const from = current?.first ?? -1;
  const holding = segments.findLast((segment) => segment.first <= wanted);
  return holding !== undefined && holding.first > from ? holding : segments.find((segment) => segment.first > from);
}

/** Ended by its writer, or deleted. */
function isOver({ ended, exists }: Listing, current: Segment | undefined): boolean {
  return ended || (current !== undefined && !exists);
}
