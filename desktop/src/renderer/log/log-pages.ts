import type { LogLineView } from "@cloudsmith/contracts/api";
import { joinChunks, lineOf, packLines, type LogChunk, type LogLine } from "./log-chunk.ts";
import {
  coveredBefore,
  uncovered,
  uncoveredAt,
  withRange,
  type PositionRange,
  type PositionRanges,
} from "./position-ranges.ts";

/** Lines in a chunk at most. */
const chunkLines = 2000;
/** Characters of text that are kept; what is farthest from the eyes goes first and is fetched again when it is looked at. */
const defaultMaxCharacters = 24_000_000;

/** Part of a log as the server gave it, in ascending positions. */
export interface LogBatch {
  readonly lines: readonly LogLineView[];
  /** The positions that were asked for: where lines of them are missing, the log has none there. Without it, only jumps inside of the batch say so. */
  readonly asked?: PositionRange;
  /** How many lines the log had, and whether more can come. */
  readonly total?: number;
  readonly ended?: boolean;
}

/**
 * One log, of which any part is here and the rest on the server. Pages and live lines may come in any order and overlap:
 * a position is held once. Lines that were cut on the server leave positions behind that no line has; they count as nothing.
 */
export class LogPages {
  readonly #maxCharacters: number;
  /** Ascending, without overlap. */
  #chunks: LogChunk[] = [];
  #cut: PositionRanges = [];
  #characters = 0;
  #total = 0;
  #ended = false;
  #version = 0;

  constructor(maxCharacters = defaultMaxCharacters) {
    this.#maxCharacters = maxCharacters;
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }
  /** The position of the next line that will be written. */
  get total(): number {
    return this.#total;
  }
  get ended(): boolean {
    return this.#ended;
  }
  /** Characters of text that are held now. */
  get characters(): number {
    return this.#characters;
  }

  /** How many lines there are to show, loaded or not. */
  get count(): number {
    return this.#total - coveredBefore(this.#cut, this.#total);
  }
  /** The position of the `index`-th line that there is to show. */
  positionAt(index: number): number {
    return uncoveredAt(this.#cut, index);
  }
  /** How many lines there are to show ahead of a position. */
  indexOf(position: number): number {
    return position - coveredBefore(this.#cut, position);
  }

  /** The line at a position; undefined while it is not loaded. */
  line(position: number): LogLine | undefined {
    const chunk = this.#chunks[this.#chunkIndex(position)];
    return chunk === undefined ? undefined : lineOf(chunk, position);
  }

  /** What of these positions is to be fetched. */
  missing({ from, to }: PositionRange): PositionRange[] {
    const wanted = { from: Math.max(from, 0), to: Math.min(to, this.#total) };
    const held = this.#chunks.map((chunk) => ({ from: chunk.first, to: chunk.first + chunk.count }));
    return wanted.from >= wanted.to ? [] : uncovered(mergedWith(held, this.#cut), wanted);
  }

  /** Takes a page or live lines. `eye` is the position that a person looks at; the lines around it stay longest. */
  add(batch: LogBatch, eye = batch.lines.at(-1)?.position ?? 0): void {
    this.#version += 1;
    this.#total = Math.max(this.#total, batch.total ?? 0, (batch.lines.at(-1)?.position ?? -1) + 1);
    this.#ended = batch.ended ?? this.#ended;
    this.#noteCuts(batch);
    for (const run of consecutiveRuns(batch.lines)) this.#insert(run);
    this.#evict(eye);
  }

  #noteCuts({ lines, asked }: LogBatch): void {
    let next = asked?.from;
    for (const { position } of lines) {
      if (next !== undefined && position > next) this.#cut = withRange(this.#cut, { from: next, to: position });
      next = position + 1;
    }
    if (asked !== undefined && next !== undefined && next < asked.to)
      this.#cut = withRange(this.#cut, { from: next, to: asked.to });
  }

  #insert(run: readonly LogLineView[]): void {
    const first = run[0]?.position;
    if (first === undefined) return;
    const held = this.#chunks.map((chunk) => ({ from: chunk.first, to: chunk.first + chunk.count }));
    for (const hole of uncovered(held, { from: first, to: first + run.length })) {
      for (let from = hole.from; from < hole.to; from += chunkLines) {
        const lines = run.slice(from - first, Math.min(hole.to, from + chunkLines) - first);
        this.#place(packLines(lines));
      }
    }
  }

  /** Puts a chunk where no other one is, as part of its neighbour where that has room. */
  #place(chunk: LogChunk): void {
    this.#characters += chunk.text.length;
    const at = this.#chunks.findLastIndex((each) => each.first < chunk.first);
    const before = this.#chunks[at];
    if (before !== undefined && before.first + before.count === chunk.first && before.count + chunk.count <= chunkLines)
      this.#chunks[at] = joinChunks(before, chunk);
    else this.#chunks.splice(at + 1, 0, chunk);
  }

  #evict(eye: number): void {
    while (this.#characters > this.#maxCharacters && this.#chunks.length > 1) {
      const first = this.#chunks[0];
      const last = this.#chunks.at(-1);
      if (first === undefined || last === undefined) return;
      const gone =
        Math.abs(first.first + first.count / 2 - eye) >= Math.abs(last.first + last.count / 2 - eye)
          ? this.#chunks.shift()
          : this.#chunks.pop();
      this.#characters -= gone?.text.length ?? 0;
    }
  }

  #chunkIndex(position: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#chunks[middle]?.first ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Lines cut into runs whose positions follow each other. */
function consecutiveRuns(lines: readonly LogLineView[]): (readonly LogLineView[])[] {
  const runs: (readonly LogLineView[])[] = [];
  let start = 0;
  for (let index = 1; index <= lines.length; index++) {
    if (lines[index]?.position === (lines[index - 1]?.position ?? 0) + 1) continue;
    runs.push(lines.slice(start, index));
    start = index;
  }
  return runs;
}

function mergedWith(ranges: PositionRanges, more: PositionRanges): PositionRanges {
  // The usual log was never cut, and this is asked with each frame.
  if (more.length === 0) return ranges;
  let merged = more;
  for (const range of ranges) merged = withRange(merged, range);
  return merged;
}
