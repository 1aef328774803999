import { readFile } from "node:fs/promises";
import { countLines, cutLine, decodeLines } from "./line-format.ts";
import type { PositionedLine } from "./log-store.ts";
import type { Listing, Segment } from "./log-folder.ts";

/** A run of positions: the lines of one segment, or lines that were cut. */
export interface Span {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  /** Of the first line, in milliseconds since 1970; for cut lines, of the one behind them. */
  readonly at: number;
  /** The stored bytes; undefined for cut lines. Throws ENOENT when the segment was cut in the meantime. */
  readonly load?: () => Promise<Buffer>;
}

/** All positions of a log in order. Only the last segment is read, since how many lines it has stands nowhere else. */
export async function spansOf({ segments, cutFrom }: Listing): Promise<Span[]> {
  const spans: Span[] = [];
  let end = 0;
  for (const [index, segment] of segments.entries()) {
    if (segment.first > end) spans.push({ first: end, end: segment.first, at: segment.at });
    const next = segments[index + 1];
    const span = next === undefined ? await lastSpan(segment) : spanBefore(segment, next, cutFrom);
    spans.push(span);
    end = span.end;
  }
  return spans;
}

/** The lines of a span at positions from `from` up to `to` (exclusive); for cut lines the one line that stands for them. */
export function linesOf(span: Span, stored: Buffer | undefined, from: number, to: number): PositionedLine[] {
  if (stored !== undefined) return decodeLines(stored, span.first, from, Math.min(to, span.end));
  const position = span.end - 1;
  return position >= from && position < to ? [cutLine(position, span.at, span.end - span.first)] : [];
}

function spanBefore(segment: Segment, next: Segment, cutFrom = 0): Span {
  const isHeadEnd = segment.first < cutFrom && cutFrom < next.first;
  return { first: segment.first, end: isHeadEnd ? cutFrom : next.first, at: segment.at, load: loader(segment.path) };
}

async function lastSpan(segment: Segment): Promise<Span> {
  const stored = await readFile(segment.path);
  const end = segment.first + countLines(stored);
  return { first: segment.first, end, at: segment.at, load: () => Promise.resolve(stored) };
}

function loader(path: string): () => Promise<Buffer> {
  return () => readFile(path);
}
