/** Where the eyes are: a row, and how many pixels of it are above the upper edge. */
export interface Anchor {
  readonly index: number;
  readonly offset: number;
}

/** What is scrolled: rows of any heights. */
export interface Rows {
  readonly count: number;
  readonly heightOf: (index: number) => number;
  /** Pixels above a row, the row at so many pixels and pixels of all, as estimated. */
  readonly offsetOf: (index: number) => number;
  readonly indexAt: (offset: number) => number;
  readonly height: number;
}

/**
 * The most that a scrolled element may be high, in CSS pixels. Browsers stop at 2^25 pixels after zoom, and a million lines
 * at 400 % are more than twice that; beyond this height the scroll bar stands for rows instead of pixels.
 */
export const mostHeight = 6_000_000;
/** Within so many views of either end a pixel of the scroll bar is a pixel of the log, so that the ends are reached smoothly. */
const exactViews = 4;
/** A scroll by more than so many views is a jump: the bar was dragged, or a key went to an end. */
const jumpViews = 3;

export const top: Anchor = { index: 0, offset: 0 };

/** The height of the element that gives the scroll bar its size. */
export function scrolledHeight(rows: Rows): number {
  return Math.min(rows.height, mostHeight);
}

/** The place at which the last row ends at the lower edge. */
export function bottom(rows: Rows, view: number): Anchor {
  let rest = view;
  for (let index = rows.count - 1; index >= 0; index--) {
    const height = rows.heightOf(index);
    if (height >= rest) return { index, offset: height - rest };
    rest -= height;
  }
  return top;
}

/** The place `delta` pixels further down, never beyond the ends. */
export function moved(rows: Rows, from: Anchor, delta: number, view: number): Anchor {
  let index = Math.min(Math.max(from.index, 0), Math.max(rows.count - 1, 0));
  let offset = from.offset + delta;
  while (offset < 0 && index > 0) offset += rows.heightOf(--index);
  while (index < rows.count - 1 && offset >= rows.heightOf(index)) offset -= rows.heightOf(index++);
  if (index === 0 && offset < 0) return top;
  return clamped(rows, { index, offset }, view);
}

/** A place, or the lowest one where it would show nothing below the last row. */
export function clamped(rows: Rows, anchor: Anchor, view: number): Anchor {
  const lowest = bottom(rows, view);
  return isAbove(lowest, anchor) ? lowest : anchor;
}

export function isAtBottom(rows: Rows, anchor: Anchor, view: number): boolean {
  const lowest = bottom(rows, view);
  return anchor.index > lowest.index || (anchor.index === lowest.index && anchor.offset >= lowest.offset - 2);
}

function isAbove(a: Anchor, b: Anchor): boolean {
  return a.index < b.index || (a.index === b.index && a.offset < b.offset);
}

/** Where the scroll bar has to stand for a place. */
export function scrollTopOf(rows: Rows, anchor: Anchor, view: number): number {
  const most = Math.max(scrolledHeight(rows) - view, 0);
  const exact = Math.min(exactViews * view, most / 2);
  const above = distance(rows, top, anchor, exact);
  if (above !== undefined) return Math.min(above, most);
  const below = distance(rows, anchor, bottom(rows, view), exact);
  if (below !== undefined) return Math.max(most - below, 0);
  const share = (rows.offsetOf(anchor.index) + anchor.offset - exact) / Math.max(rows.height - view - 2 * exact, 1);
  return exact + Math.min(Math.max(share, 0), 1) * (most - 2 * exact);
}

/** The place that a dragged scroll bar means. */
function placeAt(rows: Rows, scrollTop: number, view: number): Anchor {
  const most = Math.max(scrolledHeight(rows) - view, 0);
  if (scrollTop <= 0) return top;
  if (scrollTop >= most - 1) return bottom(rows, view);
  const exact = Math.min(exactViews * view, most / 2);
  if (scrollTop < exact) return moved(rows, top, scrollTop, view);
  if (scrollTop > most - exact) return moved(rows, bottom(rows, view), scrollTop - most, view);
  const share = (scrollTop - exact) / Math.max(most - 2 * exact, 1);
  const offset = exact + share * Math.max(rows.height - view - 2 * exact, 0);
  const index = rows.indexAt(offset);
  return clamped(rows, { index, offset: Math.min(offset - rows.offsetOf(index), rows.heightOf(index)) }, view);
}

/** The place after the scroll bar went from one top to another: small steps are pixels, large ones a place in the whole. */
export function scrolled(rows: Rows, from: Anchor, tops: { before: number; after: number }, view: number): Anchor {
  const delta = tops.after - tops.before;
  return Math.abs(delta) <= jumpViews * view ? moved(rows, from, delta, view) : placeAt(rows, tops.after, view);
}

/** Pixels from one place down to another; undefined where they are more than `most`. */
function distance(rows: Rows, from: Anchor, to: Anchor, most: number): number | undefined {
  let pixels = to.offset - from.offset;
  // Rows are at least a pixel high.
  if (to.index - from.index > most + from.offset) return undefined;
  for (let index = from.index; index < to.index; index++) {
    pixels += rows.heightOf(index);
    if (pixels > most + to.offset + from.offset) return undefined;
  }
  return pixels <= most ? Math.max(pixels, 0) : undefined;
}
