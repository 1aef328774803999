import type { Masker } from "./mask.ts";

export interface LogLine {
  /** ISO 8601; kept to the millisecond. */
  readonly at: string;
  readonly stream: "stdout" | "stderr" | "system";
  /** One line without its newline, ANSI codes kept. One of more than 16 KiB is split, the cut marked by `…` on both sides. */
  readonly text: string;
}

export interface PositionedLine extends LogLine {
  /** 0, 1, 2, … in its log; a line keeps it for good. */
  readonly position: number;
}

export interface LogId {
  readonly teamId: string;
  /** One to three parts such as `build/bld_…`, `deployment/dep_…`, `release/rel_…`. */
  readonly id: string;
}

export interface WriterOptions {
  /** Applied to whole lines before anything is stored. */
  readonly mask?: Masker;
  /** The most bytes the log may take, 256 MB by default; it can be exceeded by one segment of 1 MiB. */
  readonly maxBytes?: number;
  /**
   * What stays when the log is full: the newest lines, or the first half and the newest. By default `tail` for
   * `release/…` and `head-and-tail` for all others. Where lines were cut, readers get one system line that says how many.
   */
  readonly keep?: "tail" | "head-and-tail";
}

export interface ReadOptions {
  /** Only lines behind this position. */
  readonly after?: number;
  /** Only lines ahead of this position; without `after` the nearest ones are given. */
  readonly before?: number;
  /** 1000 by default, 10000 at most. */
  readonly limit?: number;
  /** The last so many lines, 10000 at most; in place of `limit`. */
  readonly last?: number;
  /** From the first line on that was written at this time or later; ISO 8601. */
  readonly since?: string;
  /** Only lines that hold this text, or match `/regular expression/` (flag `i` allowed). ANSI codes are not looked at. */
  readonly grep?: string;
}

export interface LogPage {
  /** Ascending. */
  readonly lines: readonly PositionedLine[];
  /** Pass as `after` for the next page; undefined when nothing more is stored now. */
  readonly next: number | undefined;
  /** No more lines will come. */
  readonly ended: boolean;
  /** The oldest position that is stored. */
  readonly first: number;
  /** How many lines were ever written, which is the position of the next one. */
  readonly total: number;
}

export interface LogStore {
  /**
   * A buffered writer. It opens the log with its first line, and takes an ended one up again. There is one writer per
   * log at a time: a second one's `flush`, `end` and `close` fail with `conflict`.
   */
  writer(id: LogId, options?: WriterOptions): LogWriter;
  /** A page of a log; an unknown log is an empty one. Errors: `invalid-input`. */
  read(id: LogId, options?: ReadOptions): Promise<LogPage>;
  /**
   * Batches of lines from after (exclusive) on, without gap or duplicate, while another process may be writing. Waits for
   * a log that does not exist yet. Returns when the log is ended and read out, when it is deleted, or on abort.
   */
  follow(
    id: LogId,
    options: { readonly after?: number; readonly signal: AbortSignal },
  ): AsyncIterable<readonly PositionedLine[]>;
  /** Removes the log, and closes this store's writer of it; a writer in another process has to be closed before. */
  delete(id: LogId): Promise<void>;
}

export interface LogWriter {
  /** Lines reach readers within 100 ms. False when over 1 MiB waits: pause the source until `flush`. After `close` nothing is taken. */
  write(line: LogLine): boolean;
  /** Raw output of a child process in any cuts; split into lines, UTF-8 and secrets safe across chunks. Returns like `write`. */
  writeChunk(stream: "stdout" | "stderr", chunk: Uint8Array): boolean;
  /** Resolves once all whole lines are with the operating system. Errors: `disk-full`, `conflict`; lines stay queued. */
  flush(): Promise<void>;
  /** Writes what is left, syncs it to the disk, marks the log as ended and closes. */
  end(): Promise<void>;
  /** Writes what is left, syncs it and closes; the log can be taken up again later. */
  close(): Promise<void>;
}
