import type { WantedVariable } from "@cloudsmith/contracts/api";
import { expect, test } from "vitest";
import { missingByFile, withAskedFor } from "./asked-for.ts";
import { editRow, type StoredVariables } from "./variable-rows.ts";

const wanted = (name: string): WantedVariable => ({
  name,
  file: ".env.example",
  example: null,
  note: null,
  state: "missing",
});
const title = wanted("TITLE");
const token = wanted("API_TOKEN");
const stored: StoredVariables = { variables: { TITLE: { value: "x", scope: "both" } }, secrets: {} };

test("what is asked for and has no value stands first, as a secret where its name says so", () => {
  const rows = withAskedFor(undefined, [title, token], stored);
  expect(rows.map(({ name, secret }) => [name, secret])).toEqual([
    ["API_TOKEN", true],
    ["TITLE", false],
  ]);
  expect(missingByFile(rows)).toEqual([{ file: ".env.example", names: ["API_TOKEN"] }]);
  expect(missingByFile(rows.map((row) => editRow(row, { value: "v" })))).toEqual([]);
});

test("the same answer gives the same rows, so that what is typed stays; what is asked for later comes behind it", () => {
  const first = withAskedFor(undefined, [token], undefined);
  expect(withAskedFor(undefined, [token], undefined)[0]).toBe(first[0]);
  const edited = first.map((row) => editRow(row, { value: "t" }));
  expect(withAskedFor(edited, [token, title], undefined).map(({ name, value }) => `${name}=${value}`)).toEqual([
    "API_TOKEN=t",
    "TITLE=",
  ]);
});
