import { expect, test } from "vitest";
import { grepOf, marksIn, problemOf } from "./log-query.ts";

const query = (text: string, options: { matchCase?: boolean; regex?: boolean } = {}) => ({
  text,
  matchCase: false,
  regex: false,
  ...options,
});

test("text is looked for as it stands, whatever it means as a pattern", () => {
  const grep = grepOf(query("a.b/i"));
  const [, source = "", flags = ""] = /^\/(.+)\/(i?)$/s.exec(grep ?? "") ?? [];
  expect(new RegExp(source, flags).test("x A.B/I y")).toBe(true);
  expect(new RegExp(source, flags).test("axb/i")).toBe(false);
  expect(grepOf(query("a+", { regex: true, matchCase: true }))).toBe("/a+/");
  expect(grepOf(query(""))).toBeUndefined();
});

test("a pattern that is none says why", () => {
  expect(problemOf(query("(", { regex: true }))).toMatch(/unterminated group/i);
  expect(problemOf(query("("))).toBeUndefined();
  expect(marksIn("((", query("(", { regex: true }))).toEqual([]);
});

test("all places in a line are marked, empty ones not", () => {
  expect(marksIn("Error: no error", query("error"))).toEqual([
    { from: 0, to: 5 },
    { from: 10, to: 15 },
  ]);
  expect(marksIn("Error: no error", query("error", { matchCase: true }))).toEqual([{ from: 10, to: 15 }]);
  expect(marksIn("abc", query("x*", { regex: true }))).toEqual([]);
});
