import { expect, test } from "vitest";
import { withHead, type Page } from "./newest-first.ts";

interface Item {
  readonly id: string;
  readonly state?: string;
}
/** Items with these numbers; the page goes on unless it is the last one. */
function page(numbers: readonly number[], more = true): Page<Item> {
  return { items: numbers.map((number) => item(number)), cursor: more ? `after ${numbers.at(-1)}` : null };
}
const item = (number: number, state?: string): Item => ({
  id: `dep_${String(number).padStart(4, "0")}`,
  ...(state !== undefined && { state }),
});
const shown = (pages: readonly Page<Item>[]): number[] =>
  pages.flatMap(({ items }) => items.map(({ id }) => Number(id.slice(4))));

test("new items come on top, changed ones change in their place, and what was read before stays, each once", () => {
  const before = [page([9, 8, 7]), page([6, 5, 4]), page([3, 2, 1], false)];
  const head = { items: [item(10), item(9, "live"), item(8)], cursor: "after 8" };
  const after = withHead(before, head);
  expect(shown(after)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(after[0]?.items[1]).toEqual(item(9, "live"));
  expect(after.at(-1)?.cursor).toBeNull();
});

test("what left the newest page is gone", () => {
  const after = withHead([page([9, 8, 7]), page([6, 5, 4])], page([8, 7, 6]));
  expect(shown(after)).toEqual([8, 7, 6, 5, 4]);
  expect(after.at(-1)?.cursor).toBe("after 4");
});

test("where more came than a page has, the list begins anew and misses nothing", () => {
  expect(withHead([page([9, 8, 7]), page([6, 5])], page([30, 29, 28]))).toEqual([page([30, 29, 28])]);
});

test("a newest page that is all there is, or holds nothing that is wanted, is the list", () => {
  expect(withHead([page([9, 8])], page([9], false))).toEqual([page([9], false)]);
  expect(withHead([page([9, 8])], { items: [], cursor: "on" })).toEqual([{ items: [], cursor: "on" }]);
});

test("a single page that the newest one covers goes on behind the newest one", () => {
  expect(withHead([page([9, 8, 7])], page([9, 8, 7]))).toEqual([page([9, 8, 7])]);
  expect(withHead([page([9, 8, 7])], page([10, 9, 8]))).toEqual([{ ...page([10, 9, 8, 7]), cursor: "after 7" }]);
});
