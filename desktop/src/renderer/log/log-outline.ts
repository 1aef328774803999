import type { LogPages } from "./log-pages.ts";

/** One log of those that are shown one below the other: a part of a deployment, a release. */
export interface LogSection {
  readonly key: string;
  readonly pages: LogPages;
  readonly folded: boolean;
}

export type LogRow =
  | { readonly type: "header"; readonly section: string }
  | { readonly type: "line"; readonly section: string; readonly position: number };

/** Heights in CSS pixels. A line that is wrapped is a multiple. */
export const lineHeight = 20;
export const headerHeight = 36;

interface Span {
  readonly section: LogSection;
  /** Index of its header, or of its first line where headers are left out. */
  readonly first: number;
  readonly lines: number;
}

/** The rows of several logs below each other: which there are, at which index, how far down. A snapshot; made anew when lines come or a section is folded. */
export class LogOutline {
  readonly #spans: readonly Span[];
  readonly #header: 0 | 1;
  readonly count: number;

  constructor(sections: readonly LogSection[], options: { headers: boolean } = { headers: true }) {
    this.#header = options.headers ? 1 : 0;
    const spans: Span[] = [];
    let first = 0;
    for (const section of sections) {
      const lines = section.folded && options.headers ? 0 : section.pages.count;
      spans.push({ section, first, lines });
      first += this.#header + lines;
    }
    this.#spans = spans;
    this.count = first;
  }

  /** The row at an index; undefined beyond the last one. */
  rowAt(index: number): LogRow | undefined {
    const span = this.#spanAt(index);
    if (span === undefined || index < 0 || index >= this.count) return undefined;
    const line = index - span.first - this.#header;
    const section = span.section.key;
    return line < 0
      ? { type: "header", section }
      : { type: "line", section, position: span.section.pages.positionAt(line) };
  }

  /** The index of a row; that of its header where its section is folded, -1 where there is no such section. */
  indexOf(row: LogRow): number {
    const span = this.#spans.find(({ section }) => section.key === row.section);
    if (span === undefined) return -1;
    if (row.type === "header" || span.lines === 0) return Math.min(span.first, Math.max(this.count - 1, 0));
    const line = span.section.pages.indexOf(row.position);
    return span.first + this.#header + Math.min(line, span.lines - 1);
  }

  /** Pixels above a row where no line is wrapped. */
  offsetOf(index: number): number {
    const span = this.#spanAt(index);
    if (span === undefined || this.#header === 0) return index * lineHeight;
    const headers = this.#spans.indexOf(span) + (index > span.first ? 1 : 0);
    return headers * headerHeight + (index - headers) * lineHeight;
  }

  /** The row at so many pixels, where no line is wrapped. */
  indexAt(offset: number): number {
    let low = 0;
    let high = Math.max(this.count - 1, 0);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.offsetOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Pixels of all rows where no line is wrapped. */
  get height(): number {
    const headers = this.#header * this.#spans.length;
    return headers * headerHeight + (this.count - headers) * lineHeight;
  }

  section(key: string): LogSection | undefined {
    return this.#spans.find(({ section }) => section.key === key)?.section;
  }

  #spanAt(index: number): Span | undefined {
    return this.#spans.findLast((span) => span.first <= index && this.#header + span.lines > 0);
  }
}
