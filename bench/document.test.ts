import { expect, test } from "vitest";
import { document, section } from "./document.ts";

const row = { what: "start", figure: "1 s", goal: "under 2 s", met: true };
const made = (name: string, figure: string): [string, string] => [
  name,
  section({ name, how: "by hand" }, [{ ...row, figure }], "today"),
];
const order = ["Agent", "Keeper", "Picker"];

test("a benchmark that is run by name leaves the others on the page, each in its place", () => {
  const all = document("", new Map([made("Keeper", "3 s"), made("Agent", "1 s")]), order);
  const page = document(all, new Map([made("Agent", "9 s"), made("Picker", "5 s")]), order);
  expect(page.match(/^# .*$/gm)).toEqual(["# Benchmarks"]);
  expect(page.match(/^## .*$/gm)).toEqual(["## Agent", "## Keeper", "## Picker"]);
  expect(page).toContain("| start | 9 s | under 2 s | met |");
  expect(page).toContain("| start | 3 s | under 2 s | met |");
  expect(page).not.toContain("1 s");
  expect(document(page, new Map(), order)).toBe(page);
});

test("a section of a benchmark that is no more stays at the end until somebody takes it out", () => {
  const page = document(section({ name: "Old", how: "once" }, [row], "then"), new Map([made("Agent", "1 s")]), order);
  expect(page.match(/^## .*$/gm)).toEqual(["## Agent", "## Old"]);
});
