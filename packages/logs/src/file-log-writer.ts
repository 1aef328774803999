import { type CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";
import { encodeLine } from "./line-format.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { LogLine, LogWriter, WriterOptions } from "./log-store.ts";
import { createMasker, type Masker } from "./mask.ts";
import { SegmentFiles } from "./segment-files.ts";

const flushEveryMs = 100;
/** How long a line waits for others when nothing was written just before. */
const gatherMs = 5;
const retryMs = 1000;
const batchBytes = 256 * 1024;
const pauseBytes = 1024 * 1024;
const mostQueuedBytes = 16 * 1024 * 1024;
const defaultMaxBytes = 256_000_000;

/** The time of a stored line, in milliseconds since 1970. */
const timeOf = (stored: string): number => Math.max(Date.parse(stored.slice(0, 24)) || 0, 0);

export interface FileLogWriterOptions extends WriterOptions {
  readonly folder: string;
  readonly keep: "tail" | "head-and-tail";
  readonly onClosed?: () => void;
}

/** Gathers lines and appends them to segment files; without lines it has no timer and does nothing. */
export class FileLogWriter implements LogWriter {
  readonly #mask: Masker;
  readonly #splitters: { readonly stdout: LineSplitter; readonly stderr: LineSplitter };
  readonly #onClosed: (() => void) | undefined;
  readonly #openFiles: () => Promise<SegmentFiles>;
  #files: SegmentFiles | undefined;
  #queue: string[] = [];
  #queuedSize = 0;
  /** What the disk did not take of a batch; it goes first. */
  #rest: Buffer = Buffer.alloc(0);
  #restAt = 0;
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastWrite = 0;
  #work: Promise<void> = Promise.resolve();
  #failure: CloudSmithError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: FileLogWriterOptions) {
    this.#mask = options.mask ?? createMasker([]);
    this.#splitters = { stdout: new LineSplitter(this.#mask), stderr: new LineSplitter(this.#mask) };
    this.#onClosed = options.onClosed;
    const { folder, maxBytes = defaultMaxBytes, keep } = options;
    this.#openFiles = () => SegmentFiles.open({ folder, maxBytes, keepsHead: keep === "head-and-tail" });
  }

  write(line: LogLine): boolean {
    this.#enqueue(line.at, line.stream, this.#mask(line.text));
    return this.#queuedSize < pauseBytes;
  }

  writeChunk(stream: "stdout" | "stderr", chunk: Uint8Array): boolean {
    const lines = this.#splitters[stream].push(chunk);
    const at = new Date().toISOString();
    for (const line of lines) this.#enqueue(at, stream, line);
    return this.#queuedSize < pauseBytes;
  }

  async flush(): Promise<void> {
    await this.#writeSoon();
    if (this.#failure !== undefined) throw this.#failure;
  }

  end(): Promise<void> {
    return (this.#closing ??= this.#finish(true));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#finish(false));
  }

  #enqueue(at: string, stream: LogLine["stream"], text: string): void {
    if (this.#closing !== undefined) return;
    if (this.#queuedSize > mostQueuedBytes) {
      this.#lost += 1;
      return;
    }
    this.#queueLine(at, stream, text);
    if (this.#queuedSize > batchBytes && this.#failure === undefined) void this.#writeSoon();
    else this.#schedule();
  }

  #queueLine(at: string, stream: LogLine["stream"], text: string): void {
    for (const stored of encodeLine(at, stream, text)) {
      this.#queue.push(stored);
      this.#queuedSize += stored.length;
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const since = Date.now() - this.#lastWrite;
    const delay = this.#failure === undefined ? Math.max(flushEveryMs - since, gatherMs) : retryMs;
    this.#timer = setTimeout(() => void this.#writeSoon(), Math.min(delay, retryMs));
  }

  /** Writes what is queued behind the write that may be going on. Never rejects: the failure is kept for who asks. */
  #writeSoon(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#work = this.#work.then(async () => {
      try {
        await this.#writeOut();
        this.#failure = undefined;
      } catch (error) {
        this.#failure = toCloudSmithError(error);
        if (this.#closing === undefined) this.#schedule();
      }
    }));
  }

  async #writeOut(): Promise<void> {
    if (this.#queue.length > 0 || this.#rest.length > 0) this.#files ??= await this.#openFiles();
    while (this.#files !== undefined && this.#nextBatch()) {
      const { written, error } = await this.#files.append(this.#rest, this.#restAt);
      this.#rest = this.#rest.subarray(written);
      this.#lastWrite = Date.now();
      if (error !== undefined) throw error;
    }
  }

  #nextBatch(): boolean {
    if (this.#rest.length > 0) return true;
    if (this.#queue.length === 0) return false;
    let size = 0;
    let count = 0;
    while (count < this.#queue.length && size < batchBytes) size += this.#queue[count++]?.length ?? 0;
    const batch = this.#queue.splice(0, count);
    this.#queuedSize -= size;
    this.#rest = Buffer.from(batch.join(""));
    this.#restAt = timeOf(batch[0] ?? "");
    this.#tellLost();
    return true;
  }

  #tellLost(): void {
    if (this.#lost === 0) return;
    const text = `${this.#lost} lines were lost here: they came faster than the disk took them`;
    this.#queueLine(new Date().toISOString(), "system", text);
    this.#lost = 0;
  }

  async #finish(isEnd: boolean): Promise<void> {
    const at = new Date().toISOString();
    for (const stream of ["stdout", "stderr"] as const) {
      for (const line of this.#splitters[stream].end()) this.#queueLine(at, stream, line);
    }
    await this.#writeSoon();
    try {
      if (this.#failure !== undefined) throw this.#failure;
      if (isEnd) {
        this.#files ??= await this.#openFiles();
        await this.#files.markEnded();
      }
    } finally {
      this.#onClosed?.();
      await this.#files?.close();
    }
  }
}
