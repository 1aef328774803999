import { expect, test } from "vitest";
import { LogOutline, headerHeight, lineHeight, type LogSection } from "./log-outline.ts";
import { LogPages } from "./log-pages.ts";

function section(key: string, total: number, folded = false): LogSection {
  const pages = new LogPages();
  pages.add({ lines: [], total });
  return { key, pages, folded };
}

test("the rows of several logs stand below each other, each under its header", () => {
  const outline = new LogOutline([section("prepare", 2), section("build", 3, true), section("release", 1)]);
  const rows = Array.from({ length: outline.count }, (_, index) => outline.rowAt(index));
  expect(rows).toEqual([
    { type: "header", section: "prepare" },
    { type: "line", section: "prepare", position: 0 },
    { type: "line", section: "prepare", position: 1 },
    { type: "header", section: "build" },
    { type: "header", section: "release" },
    { type: "line", section: "release", position: 0 },
  ]);
  for (const [index, row] of rows.entries()) expect(row && outline.indexOf(row)).toBe(index);
  expect(outline.rowAt(outline.count)).toBeUndefined();
  expect(outline.rowAt(-1)).toBeUndefined();
});

test("a line of a folded section is where its header is", () => {
  const outline = new LogOutline([section("prepare", 2), section("build", 3, true)]);
  expect(outline.indexOf({ type: "line", section: "build", position: 2 })).toBe(3);
  expect(outline.indexOf({ type: "line", section: "none", position: 2 })).toBe(-1);
});

test("pixels and rows agree, over a million lines too", () => {
  const outline = new LogOutline([section("a", 5), section("b", 0), section("c", 1_000_000)]);
  expect(outline.height).toBe(3 * headerHeight + 1_000_005 * lineHeight);
  for (const index of [0, 1, 5, 6, 7, 8, 900_000, outline.count - 1]) {
    expect(outline.indexAt(outline.offsetOf(index))).toBe(index);
    expect(outline.indexAt(outline.offsetOf(index) + lineHeight - 1)).toBe(index);
  }
  expect(outline.offsetOf(outline.count - 1) + lineHeight).toBe(outline.height);
});

test("without headers there are lines only, and nothing folds", () => {
  const outline = new LogOutline([section("a", 2, true), section("b", 1)], { headers: false });
  expect(outline.count).toBe(3);
  expect(outline.rowAt(2)).toEqual({ type: "line", section: "b", position: 0 });
  expect(outline.height).toBe(3 * lineHeight);
});
