import type { LogModel } from "./log-model.ts";
import { headerHeight, lineHeight, type LogRow } from "./log-outline.ts";
import type { Rows } from "./log-scroll.ts";

/** Pixels of a character of the log's font, and of what is in front of the text. */
const characterWidth = 7.53;
const marginWidth = 96;
const timeWidth = 108;
/** Of more rows than this the height is estimated as if no line was wrapped: the scroll bar need not be exact. */
const summedRows = 2000;
const mostMeasured = 20_000;

export interface RowOptions {
  readonly wrap: boolean;
  readonly timestamps: boolean;
}

/** How high rows are: known where lines are not wrapped, else estimated by their length until they are drawn and measured. */
export class LogRows implements Rows {
  readonly #model: LogModel;
  #options: RowOptions = { wrap: false, timestamps: false };
  #columns = 1;
  readonly #measured = new Map<string, number>();

  constructor(model: LogModel) {
    this.#model = model;
  }

  get wraps(): boolean {
    return this.#options.wrap;
  }
  get count(): number {
    return this.#model.outline.count;
  }
  get height(): number {
    const { count, height } = this.#model.outline;
    if (!this.wraps || count > summedRows) return height;
    let sum = 0;
    for (let index = 0; index < count; index++) sum += this.heightOf(index);
    return sum;
  }

  set(options: RowOptions, width: number): void {
    const columns = Math.floor((width - marginWidth - (options.timestamps ? timeWidth : 0)) / characterWidth);
    this.#options = options;
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#measured.clear();
  }

  readonly heightOf = (index: number): number => {
    const row = this.#model.outline.rowAt(index);
    if (row?.type === "header") return headerHeight;
    if (!this.wraps || row === undefined) return lineHeight;
    const known = this.#measured.get(keyOf(row));
    if (known !== undefined) return known;
    const length = this.#model.line(row.section, row.position)?.text.length ?? 0;
    return lineHeight * Math.max(1, Math.ceil(length / Math.max(this.#columns, 1)));
  };
  readonly offsetOf = (index: number): number => this.#model.outline.offsetOf(index);
  readonly indexAt = (offset: number): number => this.#model.outline.indexAt(offset);

  /** Takes the heights of the lines that are drawn; true where one was another than thought. */
  measure(drawn: Iterable<Element>): boolean {
    if (!this.wraps) return false;
    if (this.#measured.size > mostMeasured) this.#measured.clear();
    let changed = false;
    for (const element of drawn) {
      if (!(element instanceof HTMLElement)) continue;
      const { line } = element.dataset;
      const height = element.offsetHeight;
      if (line === undefined || height === 0 || this.#measured.get(line) === height) continue;
      this.#measured.set(line, height);
      changed = true;
    }
    return changed;
  }
}

/** A row's name, which is also the end of the address that leads to it. */
export function keyOf(row: LogRow): string {
  return row.type === "header" ? row.section : `${row.section}-L${row.position + 1}`;
}

/** The line that a name means. */
export function lineOfKey(key: string): Extract<LogRow, { type: "line" }> | undefined {
  const at = key.lastIndexOf("-L");
  return at < 0 ? undefined : { type: "line", section: key.slice(0, at), position: Number(key.slice(at + 2)) - 1 };
}
