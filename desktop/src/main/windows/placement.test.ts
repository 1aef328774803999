import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cascade, place, type Rectangle } from "./placement.ts";

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: -200, width: 1280, height: 1024 };
const size = { width: 1000, height: 700 };

test("the first window is in the middle of the first display", () => {
  expect(place({}, size, [display, second])).toEqual({ x: 460, y: 190, width: 1000, height: 700 });
});

test("a window stays where it was, also on the second display", () => {
  const was = { x: 2000, y: -100, width: 800, height: 600 };
  expect(place(was, size, [display, second])).toEqual(was);
});

test("a window of a display that is gone comes to the first one, with its size", () => {
  expect(place({ x: 2000, y: -100, width: 800, height: 600 }, size, [display])).toMatchObject({ x: 560, width: 800 });
});

test("a window is never larger than its display", () => {
  expect(place({ width: 5000, height: 4000 }, size, [display])).toEqual(display);
});

test("wherever it was, a person can get hold of its top edge", () => {
  const number = fc.integer({ min: -10_000, max: 10_000 });
  const wanted = fc.record({
    x: number,
    y: number,
    width: fc.integer({ min: 200, max: 6000 }),
    height: fc.integer({ min: 120, max: 6000 }),
  });
  const isHeld = (at: Rectangle, on: Rectangle): boolean =>
    at.y >= on.y &&
    at.y + 40 <= on.y + on.height &&
    Math.min(at.x + at.width, on.x + on.width) - Math.max(at.x, on.x) >= 120;
  fc.assert(
    fc.property(wanted, (was) => {
      const at = place(was, size, [display, second]);
      return [display, second].some((on) => isHeld(at, on));
    }),
  );
});

test("small windows do not cover each other", () => {
  expect(cascade({ x: 10, y: 10, width: 1, height: 1 }, 2)).toMatchObject({ x: 66, y: 66 });
});
