import { expect, test } from "vitest";
import { firstHitFrom, hitAt, hitCount, isHit, noHits, stepped, withHits } from "./log-hits.ts";

const order = ["prepare", "build", "release"];
const hits = withHits(
  withHits(withHits(noHits, order, "build", [3, 8]), order, "prepare", [1]),
  order,
  "build",
  [8, 20],
);

test("hits of all logs stand in the order of the page, each once", () => {
  expect(hitCount(hits)).toBe(4);
  expect([0, 1, 2, 3, 4, -1].map((index) => hitAt(hits, index))).toEqual([
    { section: "prepare", position: 1 },
    { section: "build", position: 3 },
    { section: "build", position: 8 },
    { section: "build", position: 20 },
    undefined,
    undefined,
  ]);
  expect(isHit(hits, { section: "build", position: 8 })).toBe(true);
  expect(isHit(hits, { section: "build", position: 9 })).toBe(false);
  expect(isHit(hits, { section: "release", position: 8 })).toBe(false);
});

test("a search begins where the eyes are and goes around", () => {
  expect(firstHitFrom(hits, order, { section: "prepare", position: 0 })).toBe(0);
  expect(firstHitFrom(hits, order, { section: "prepare", position: 2 })).toBe(1);
  expect(firstHitFrom(hits, order, { section: "build", position: 8 })).toBe(2);
  expect(firstHitFrom(hits, order, { section: "release", position: 0 })).toBe(0);
  expect(stepped(4, 3, 1)).toBe(0);
  expect(stepped(4, 0, -1)).toBe(3);
  expect(stepped(0, 0, 1)).toBe(0);
});
