import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chosenBy, isChosen, lineLink, parseLineLink } from "./line-link.ts";

test("a link to lines leads back to them", () => {
  fc.assert(
    fc.property(fc.constantFrom("prepare", "build", "rel_01k"), fc.nat(2e6), fc.nat(1000), (section, from, more) => {
      const chosen = { section, from, to: from + more };
      expect(parseLineLink(`#${lineLink(chosen)}`, "other")).toEqual(chosen);
    }),
  );
});

test("#L12 alone means the log that is shown, and ends may be swapped", () => {
  expect(parseLineLink("#L12", "run")).toEqual({ section: "run", from: 11, to: 11 });
  expect(parseLineLink("L20-L12", "run")).toEqual({ section: "run", from: 11, to: 19 });
});

test.each(["", "#", "#L0", "#L-1", "#Lx", "#build-", "#L1-2", "#<b>-L1"])("%s names no line", (hash) => {
  expect(parseLineLink(hash, "run")).toBeUndefined();
});

test("shift takes the lines between, in either direction, within one log", () => {
  const one = chosenBy(undefined, { section: "build", position: 5, extend: true });
  expect(one).toEqual({ section: "build", from: 5, to: 5 });
  const down = chosenBy(one, { section: "build", position: 9, extend: true });
  expect(down).toEqual({ section: "build", from: 5, to: 9 });
  expect(chosenBy(down, { section: "build", position: 2, extend: true })).toEqual({ section: "build", from: 2, to: 9 });
  expect(chosenBy(down, { section: "release", position: 2, extend: true })).toMatchObject({
    section: "release",
    to: 2,
  });
  expect([4, 5, 9, 10].map((position) => isChosen(down, "build", position))).toEqual([false, true, true, false]);
});
