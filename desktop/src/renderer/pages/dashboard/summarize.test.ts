import { expect, test } from "vitest";
import { countGroups, selectRows, type Summary } from "./summarize.ts";

function row(name: string, status: Summary["status"], source = `acme/${name}`): Summary {
  return {
    id: name,
    name,
    source,
    status,
    url: null,
    environment: "production",
    others: 0,
    last: null,
    changesPending: false,
  };
}
const rows = [
  row("shop", "healthy"),
  row("blog", "crashing"),
  row("api", "building"),
  row("docs", "stopped", "/home/me/docs"),
  row("lab", "unknown"),
];

test("rows are found by all words of a text, in name and source, and sorted by name", () => {
  const names = (text: string, group: "all" | "live" = "all"): string[] =>
    selectRows(rows, { text, group }).map(({ name }) => name);
  expect(names("")).toEqual(["api", "blog", "docs", "lab", "shop"]);
  expect(names("ACME o")).toEqual(["blog", "shop"]);
  expect(names("home/me")).toEqual(["docs"]);
  expect(names("acme", "live")).toEqual(["shop"]);
});

test("each row counts in the group that says what it needs; one that nobody can tell only in all", () => {
  expect(countGroups(rows)).toEqual({ all: 5, live: 1, deploying: 1, attention: 1, stopped: 1 });
});
