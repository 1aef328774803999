import { expect, test } from "vitest";
import { bestMatches, scoreOf } from "./match.ts";

const titles = ["Deploy shop", "Roll back shop", "Open shop", "Go to activity", "Deploy workshop"];
const find = (typed: string): string[] => bestMatches(titles, typed, (title) => title, 3);

test("all words have to be there, in any order; the beginning of a word counts more", () => {
  expect(find("shop deploy")).toEqual(["Deploy shop", "Deploy workshop"]);
  expect(find("shop roll")).toEqual(["Roll back shop"]);
});

test("first letters of words are enough", () => {
  expect(find("rbs")).toEqual(["Roll back shop"]);
  expect(find("gta")).toEqual(["Go to activity"]);
});

test("what does not fit is left out, nothing typed keeps the order", () => {
  expect(scoreOf("xyz", "Deploy shop")).toBeUndefined();
  expect(find("")).toEqual(titles.slice(0, 3));
});
