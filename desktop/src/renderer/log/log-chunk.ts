import type { LogLineView } from "@cloudsmith/contracts/api";

const streams = ["stdout", "stderr", "system"] as const satisfies readonly LogLineView["stream"][];

/**
 * Consecutive lines of a log in four values instead of an object a line: a line costs its text and 13 bytes.
 * Immutable, so that it can be shared between renders.
 */
export interface LogChunk {
  /** Position of its first line. */
  readonly first: number;
  readonly count: number;
  /** The texts one behind the other, without newlines. */
  readonly text: string;
  /** Where each text ends in `text`. */
  readonly ends: Uint32Array;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly levels: Uint8Array;
}

/** Packs lines whose positions follow each other. */
export function packLines(lines: readonly LogLineView[]): LogChunk {
  const ends = new Uint32Array(lines.length);
  const times = new Float64Array(lines.length);
  const levels = new Uint8Array(lines.length);
  let end = 0;
  for (const [index, line] of lines.entries()) {
    end += line.text.length;
    ends[index] = end;
    times[index] = Date.parse(line.at);
    levels[index] = streams.indexOf(line.stream);
  }
  return {
    first: lines[0]?.position ?? 0,
    count: lines.length,
    text: lines.map((line) => line.text).join(""),
    ends,
    times,
    levels,
  };
}

/** One chunk of two that follow each other. */
export function joinChunks(a: LogChunk, b: LogChunk): LogChunk {
  const count = a.count + b.count;
  const ends = new Uint32Array(count);
  ends.set(a.ends);
  for (const [index, end] of b.ends.entries()) ends[a.count + index] = a.text.length + end;
  const times = new Float64Array(count);
  times.set(a.times);
  times.set(b.times, a.count);
  const levels = new Uint8Array(count);
  levels.set(a.levels);
  levels.set(b.levels, a.count);
  return { first: a.first, count, text: a.text + b.text, ends, times, levels };
}

/** A line as it is drawn. */
export interface LogLine {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly stream: LogLineView["stream"];
  readonly text: string;
}

/** The line at a position that the chunk holds; undefined for any other. */
export function lineOf(chunk: LogChunk, position: number): LogLine | undefined {
  const index = position - chunk.first;
  const end = chunk.ends[index];
  if (end === undefined) return undefined;
  return {
    position,
    at: chunk.times[index] ?? 0,
    stream: streams[chunk.levels[index] ?? 0] ?? "stdout",
    text: chunk.text.slice(index === 0 ? 0 : chunk.ends[index - 1], end),
  };
}
