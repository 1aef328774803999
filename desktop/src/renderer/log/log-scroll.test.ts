import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bottom,
  isAtBottom,
  mostHeight,
  moved,
  scrolled,
  scrolledHeight,
  scrollTopOf,
  top,
  type Rows,
} from "./log-scroll.ts";

const view = 600;
/** Rows whose real heights are `heightOf`, estimated at 20 pixels each. */
function rowsOf(count: number, heightOf: (index: number) => number = () => 20): Rows {
  return {
    count,
    heightOf,
    offsetOf: (index) => index * 20,
    indexAt: (offset) => Math.floor(offset / 20),
    height: count * 20,
  };
}

test("a short log does not scroll", () => {
  const rows = rowsOf(10);
  expect(bottom(rows, view)).toEqual(top);
  expect(moved(rows, top, 500, view)).toEqual(top);
  expect(scrollTopOf(rows, top, view)).toBe(0);
});

test("an empty log has one place", () => {
  expect(moved(rowsOf(0), top, 100, view)).toEqual(top);
  expect(isAtBottom(rowsOf(0), top, view)).toBe(true);
});

test("where heights are exact the scroll bar is the place, to the pixel", () => {
  const rows = rowsOf(20_000);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 * 20 - view - 2 }), (pixels) => {
      const anchor = { index: Math.floor(pixels / 20), offset: pixels % 20 };
      expect(scrollTopOf(rows, anchor, view)).toBeCloseTo(pixels, 3);
      const dragged = scrolled(rows, top, { before: -1e9, after: pixels }, view);
      expect(dragged.index * 20 + dragged.offset).toBeCloseTo(pixels, 0);
    }),
  );
});

describe("a million lines", () => {
  const rows = rowsOf(1_000_000);
  const most = mostHeight - view;

  test("fit into what a browser can scroll at 400 %", () => {
    expect(scrolledHeight(rows) * 4).toBeLessThan(2 ** 25);
  });

  test("a turn of the wheel is as far as in a short log", () => {
    const anchor = { index: 500_000, offset: 0 };
    expect(scrolled(rows, anchor, { before: 3e6, after: 3e6 + 100 }, view)).toEqual({ index: 500_005, offset: 0 });
  });

  test("the bar dragged to the ends, and anywhere, is where it says", () => {
    expect(scrolled(rows, top, { before: 0, after: most }, view)).toEqual(bottom(rows, view));
    expect(scrolled(rows, bottom(rows, view), { before: most, after: 0 }, view)).toEqual(top);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const anchor = scrolled(rows, top, { before: -1e9, after: share * most }, view);
        expect(scrollTopOf(rows, anchor, view)).toBeCloseTo(share * most, -1);
      }),
    );
  });

  test("the ends come pixel by pixel", () => {
    expect(scrollTopOf(rows, { index: 3, offset: 5 }, view)).toBe(65);
    const end = bottom(rows, view);
    expect(scrollTopOf(rows, moved(rows, end, -65, view), view)).toBe(most - 65);
    expect(scrollTopOf(rows, end, view)).toBe(most);
  });
});

test("whatever the heights, steps down and up again lead back, and no step leaves the log", () => {
  const heights = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(heights, fc.array(fc.integer({ min: -2000, max: 2000 }), { maxLength: 20 }), (of, steps) => {
      const rows = rowsOf(of.length, (index) => of[index] ?? 1);
      const pixelsAt = (index: number) => of.slice(0, index).reduce((sum, height) => sum + height, 0);
      const lowest = Math.max(pixelsAt(of.length) - view, 0);
      let anchor = top;
      let pixels = 0;
      for (const step of steps) {
        anchor = moved(rows, anchor, step, view);
        pixels = Math.min(Math.max(pixels + step, 0), lowest);
        expect(pixelsAt(anchor.index) + anchor.offset).toBe(pixels);
        expect(isAtBottom(rows, anchor, view)).toBe(pixels >= lowest - 2);
      }
    }),
  );
});
