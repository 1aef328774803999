import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readFile, stat, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";
import { countLines } from "./line-format.ts";
import { cutMarkerPath, endedName, isMissing, listLog, type Segment, segmentPath } from "./log-folder.ts";
import { lockLog } from "./writer-lock.ts";

const maxSegmentBytes = 1024 * 1024;
const append = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

interface SizedSegment extends Segment {
  size: number;
}

/** The files of a log as its writer sees them: appends, begins new segments, cuts what is too much. */
export class SegmentFiles {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #keepsHead: boolean;
  readonly #unlock: () => Promise<void>;
  readonly #segments: SizedSegment[];
  #cutFrom: number | undefined;
  #handle: FileHandle | undefined;
  /** Of the next line. */
  #position: number;

  private constructor(
    options: { folder: string; maxBytes: number; keepsHead: boolean },
    unlock: () => Promise<void>,
    found: { segments: SizedSegment[]; cutFrom: number | undefined; position: number },
  ) {
    this.#folder = options.folder;
    this.#maxBytes = options.maxBytes;
    this.#keepsHead = options.keepsHead;
    this.#unlock = unlock;
    this.#segments = found.segments;
    this.#cutFrom = options.keepsHead ? found.cutFrom : 0;
    this.#position = found.position;
  }

  /** Locks the log and drops a last line that a killed writer left half written. Errors: `conflict`. */
  static async open(options: { folder: string; maxBytes: number; keepsHead: boolean }): Promise<SegmentFiles> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const unlock = await lockLog(options.folder);
    try {
      await removeIfThere(join(options.folder, endedName));
      const { segments, cutFrom } = await listLog(options.folder);
      const sized: SizedSegment[] = [];
      for (const segment of segments) sized.push({ ...segment, size: (await stat(segment.path)).size });
      const position = await recover(sized.at(-1));
      return new SegmentFiles(options, unlock, { segments: sized, cutFrom, position });
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /**
   * Appends bytes that begin at the start of a line; `at` is the time of that line in milliseconds since 1970. Returns how
   * many bytes went in, less than all only together with the error that stopped it.
   */
  async append(bytes: Buffer, at: number): Promise<{ written: number; error?: CloudSmithError }> {
    let written = 0;
    try {
      const handle = await this.#current(at);
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, null);
        written += bytesWritten;
      }
      return { written };
    } catch (error) {
      return { written, error: toCloudSmithError(error) };
    } finally {
      this.#position += countLines(bytes.subarray(0, written));
      const last = this.#segments.at(-1);
      if (last !== undefined) last.size += written;
    }
  }

  async markEnded(): Promise<void> {
    await this.#handle?.sync();
    await writeFile(join(this.#folder, endedName), "", { mode: 0o600 });
  }

  async close(): Promise<void> {
    try {
      await this.#handle?.sync();
      await this.#handle?.close();
    } finally {
      this.#handle = undefined;
      await this.#unlock();
    }
  }

  /** The open segment, or a new one when that is full; half a line is always completed in the segment it began in. */
  async #current(at: number): Promise<FileHandle> {
    const last = this.#segments.at(-1);
    const limit = Math.min(maxSegmentBytes, Math.ceil(this.#maxBytes / 8));
    if (last === undefined || last.size >= limit) {
      await this.#handle?.sync();
      await this.#handle?.close();
      this.#handle = undefined;
      await this.#cut();
      const path = segmentPath(this.#folder, this.#position, at);
      this.#handle = await open(path, append, 0o600);
      this.#segments.push({ path, first: this.#position, at, size: 0 });
    }
    this.#handle ??= await open(this.#segments.at(-1)?.path ?? "", append, 0o600);
    return this.#handle;
  }

  async #cut(): Promise<void> {
    let total = this.#segments.reduce((sum, segment) => sum + segment.size, 0);
    while (total > this.#maxBytes) {
      const cutFrom = (this.#cutFrom ??= await this.#markHead());
      const index = this.#segments.findIndex((segment) => segment.first >= cutFrom);
      const [victim] = index === -1 ? [] : this.#segments.splice(index, 1);
      if (victim === undefined) return;
      await removeIfThere(victim.path);
      total -= victim.size;
    }
  }

  /** Keeps the segments of the first half for good, and says so by a file name, from where readers know what was cut. */
  async #markHead(): Promise<number> {
    if (!this.#keepsHead) return 0;
    let size = 0;
    const firstBehind = this.#segments.find((segment) => {
      const isBehind = size >= this.#maxBytes / 2;
      size += segment.size;
      return isBehind;
    });
    const position = firstBehind?.first ?? 0;
    await writeFile(cutMarkerPath(this.#folder, position), "", { mode: 0o600 });
    return position;
  }
}

/** Cuts half a line off the last segment and returns the position of the next line. */
async function recover(last: SizedSegment | undefined): Promise<number> {
  if (last === undefined) return 0;
  const content = await readFile(last.path);
  const whole = content.lastIndexOf(0x0a) + 1;
  if (whole < content.length) await truncate(last.path, whole);
  last.size = whole;
  return last.first + countLines(content.subarray(0, whole));
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
