import type { LogModel } from "./log-model.ts";
import type { LogRow } from "./log-outline.ts";
import { LogRows, type RowOptions } from "./log-rows.ts";
import { bottom, isAtBottom, moved, scrolled, scrolledHeight, scrollTopOf, top, type Anchor } from "./log-scroll.ts";

/** Rows that are drawn above and below what is seen. */
const overscan = 6;
/** Without a scroll for so long, the scroll bar is put where it belongs, in milliseconds. */
const idleMs = 160;

export interface DrawnRows {
  /** The rows that are drawn: from `first` up to `last` (exclusive), the first of them `shift` pixels below the upper edge. */
  readonly first: number;
  readonly last: number;
  readonly shift: number;
  /** The row at the upper edge. */
  readonly row: LogRow | undefined;
  /** Height of what is scrolled, and the size of the view. */
  readonly height: number;
  readonly box: { readonly width: number; readonly height: number };
  readonly follows: boolean;
  readonly isAtEnd: boolean;
}

/**
 * Scrolling through any number of rows. The eyes are at a row; the scroll bar is made to agree with them, and what a person does with it
 * moves them. While it follows, the eyes are at the end.
 */
export class LogScroller {
  readonly #model: LogModel;
  readonly #rows: LogRows;
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #element: HTMLElement | null = null;
  #layer: HTMLElement | null = null;
  #box = { width: 0, height: 0 };
  #options: RowOptions = { wrap: false, timestamps: false };
  #grows = false;
  /** Nobody has scrolled yet. */
  #isFresh = true;
  #row: LogRow | undefined;
  #offset = 0;
  #follows = false;
  #lastTop = 0;
  #lastScroll = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(model: LogModel) {
    this.#model = model;
    this.#rows = new LogRows(model);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;

  /** Takes the element that scrolls; a ref. */
  readonly attach = (element: HTMLElement): (() => void) => {
    this.#element = element;
    const measure = (): void => this.#resized(element.clientWidth, element.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const onScroll = (): void => this.#scrolled(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      this.#element = null;
      clearTimeout(this.#idle);
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  };
  /** Takes the element that holds the rows; a ref. */
  readonly attachLayer = (layer: HTMLElement | null): (() => void) => {
    this.#layer = layer;
    return () => void (this.#layer = null);
  };
  get layer(): HTMLElement | null {
    return this.#layer;
  }

  /** How lines are shown, and whether more can come: then it begins by following. */
  set(options: RowOptions, grows: boolean): void {
    const sameOptions = options.wrap === this.#options.wrap && options.timestamps === this.#options.timestamps;
    if (sameOptions && grows === this.#grows) return;
    if (!grows && this.#follows) this.#put(bottom(this.#rows, this.#box.height), false);
    if (grows && this.#isFresh) this.#follows = true;
    this.#options = options;
    this.#grows = grows;
    this.#rows.set(options, this.#box.width);
    this.#changed();
  }

  drawn(): DrawnRows {
    const view = this.#box.height;
    const anchor = this.#anchor();
    const first = Math.max(0, anchor.index - overscan);
    let shift = -anchor.offset;
    for (let index = first; index < anchor.index; index++) shift -= this.#rows.heightOf(index);
    let last = anchor.index;
    for (let below = -anchor.offset; last < this.#rows.count && below < view; last++)
      below += this.#rows.heightOf(last);
    return {
      first,
      last: Math.min(last + overscan, this.#rows.count),
      shift,
      row: this.#model.outline.rowAt(anchor.index),
      height: scrolledHeight(this.#rows),
      box: this.#box,
      follows: this.#follows,
      isAtEnd: isAtBottom(this.#rows, anchor, view),
    };
  }

  /** Called once rows were drawn, before they are painted. */
  afterDraw(): void {
    if (this.#layer !== null && this.#rows.measure(this.#layer.children)) this.#changed();
    if (performance.now() - this.#lastScroll > idleMs) this.#agree();
  }

  /** Brings a row to the upper edge, or a third below it. */
  goTo(row: LogRow, place: "top" | "third" = "third"): void {
    const view = this.#box.height;
    const at = { index: Math.max(this.#model.outline.indexOf(row), 0), offset: 0 };
    this.#put(moved(this.#rows, at, place === "third" ? -Math.floor(view / 3) : 0, view), false);
  }
  readonly goToTop = (): void => this.#put(top, false);
  readonly goToEnd = (): void => this.#put(bottom(this.#rows, this.#box.height), this.#grows);
  readonly toggleFollow = (): void => (this.#follows ? this.#put(this.#anchor(), false) : this.goToEnd());

  #anchor(): Anchor {
    const view = this.#box.height;
    if (this.#follows) return bottom(this.#rows, view);
    if (this.#row === undefined) return top;
    const index = Math.max(this.#model.outline.indexOf(this.#row), 0);
    return moved(this.#rows, { index, offset: this.#offset }, 0, view);
  }

  #put(anchor: Anchor, follows: boolean): void {
    this.#isFresh = false;
    this.#row = this.#model.outline.rowAt(anchor.index);
    this.#offset = anchor.offset;
    this.#follows = follows;
    this.#lastScroll = 0;
    this.#changed();
  }

  #resized(width: number, height: number): void {
    if (width === this.#box.width && height === this.#box.height) return;
    this.#box = { width, height };
    this.#rows.set(this.#options, width);
    this.#changed();
  }

  #scrolled(element: HTMLElement): void {
    const after = element.scrollTop;
    const before = this.#lastTop;
    const view = this.#box.height;
    if (Math.abs(after - before) < 1) return;
    const next = scrolled(this.#rows, this.#anchor(), { before, after }, view);
    this.#put(next, this.#grows && after > before && isAtBottom(this.#rows, next, view));
    this.#lastTop = after;
    this.#lastScroll = performance.now();
    const agree = (): void => this.#agree();
    // At an end the browser scrolls no further, though the log may.
    if (after <= 0 || after >= element.scrollHeight - view - 1) requestAnimationFrame(agree);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(agree, idleMs);
  }

  /** Puts the scroll bar where the eyes are. */
  #agree(): void {
    const element = this.#element;
    if (element === null || this.#box.height === 0) return;
    const wanted = scrollTopOf(this.#rows, this.#anchor(), this.#box.height);
    if (Math.abs(element.scrollTop - wanted) > 1) element.scrollTop = wanted;
    this.#lastTop = element.scrollTop;
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
