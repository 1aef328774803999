import { expect, test } from "vitest";
import {
  changesOf,
  editRow,
  importEnv,
  isEnvText,
  newRow,
  nothingStored,
  problemsOf,
  rowsOf,
  type StoredVariables,
} from "./variable-rows.ts";

const stored: StoredVariables = {
  variables: { COLOR: { value: "red", scope: "both" }, EMPTY: { value: "", scope: "run" } },
  secrets: { API_TOKEN: { scope: "run", createdAt: "2026-01-01T00:00:00.000Z" } },
};

test("a name or a value that looks like a secret makes the row one, until a person decides", () => {
  const typed = editRow(newRow(), { name: "STRIPE_SECRET_KEY" });
  expect(typed.secret).toBe(true);
  const plain = editRow(typed, { secret: false, decided: true });
  expect(editRow(plain, { value: "sk_live_1" }).secret).toBe(false);
  expect(editRow(newRow({ name: "QUEUE" }), { value: "amqp://u:p@host/x" }).secret).toBe(true);
  expect(editRow(newRow(), { name: "COLOR", value: "red" }).secret).toBe(false);
});

test("a .env file over the rows: added, changed, the same, twice in it, not read", () => {
  const { rows, ...told } = importEnv(
    rowsOf(stored),
    "COLOR=red\nCOLOR=blue\nAPI_TOKEN=t2\nNEW=1\nEMPTY=\nnonsense\nCLOUDSMITH_X=1\nSECRET_KEY=x",
  );
  expect(told).toEqual({
    added: ["NEW", "SECRET_KEY"],
    changed: ["COLOR", "API_TOKEN"],
    unchanged: ["EMPTY"],
    repeated: ["COLOR"],
    unread: [
      { line: 6, text: "nonsense" },
      { line: 7, text: "CLOUDSMITH_X" },
    ],
  });
  expect(rows.map(({ name, secret }) => `${name}${secret ? " secret" : ""}`)).toEqual([
    "API_TOKEN secret",
    "COLOR",
    "EMPTY",
    "NEW",
    "SECRET_KEY secret",
  ]);
});

test("a file fills what the repository asks for and keeps where it was asked", () => {
  const wanted = newRow({ name: "TITLE", wanted: { file: ".env.example", example: "Shop", note: null } });
  const { rows, added } = importEnv([wanted, newRow()], "TITLE=Mine");
  expect(added).toEqual(["TITLE"]);
  expect(rows).toEqual([{ ...wanted, value: "Mine" }]);
});

test("names that cannot be, stand twice or are kept for the platform are told; an empty row is not", () => {
  const rows = [
    newRow({ name: "A", value: "1" }),
    newRow({ name: "A", value: "2" }),
    newRow({ name: "1A" }),
    newRow({ name: "CLOUDSMITH_URL" }),
    newRow({ value: "lost" }),
    newRow(),
  ];
  const problems = problemsOf(rows);
  expect(rows.map(({ id }) => problems.get(id))).toEqual([
    undefined,
    "duplicate",
    "name",
    "reserved",
    "nameless",
    undefined,
  ]);
});

test("nothing edited changes nothing; a kept secret stays without its value being known", () => {
  expect(changesOf(rowsOf(stored), stored)).toEqual({
    variables: { set: {}, unset: [] },
    secrets: { set: {}, unset: [] },
    summary: [],
  });
});

test("edits become what is set and unset, with a summary by name", () => {
  const rows = rowsOf(stored)
    .filter(({ name }) => name !== "EMPTY")
    .map((row) => {
      if (row.name === "COLOR") return editRow(row, { value: "blue" });
      return editRow(row, { value: "t2", scope: "both" });
    });
  expect(changesOf([...rows, newRow({ name: "NEW", value: "1", scope: "run" }), newRow()], stored)).toEqual({
    variables: {
      set: { COLOR: { value: "blue", scope: "both" }, NEW: { value: "1", scope: "run" } },
      unset: ["EMPTY"],
    },
    secrets: { set: { API_TOKEN: { value: "t2", scope: "both" } }, unset: [] },
    summary: [
      { name: "API_TOKEN", change: "changed" },
      { name: "COLOR", change: "changed" },
      { name: "EMPTY", change: "removed" },
      { name: "NEW", change: "added" },
    ],
  });
});

test("a variable that becomes a secret, one that is renamed, and a wanted one without a value", () => {
  const [token = newRow(), color = newRow()] = rowsOf(stored);
  const rows = [
    editRow(color, { secret: true, decided: true }),
    editRow(token, { name: "OTHER_TOKEN", value: "t", kept: false }),
    newRow({ name: "TITLE", wanted: { file: ".env.example", example: null, note: null } }),
  ];
  const changes = changesOf(rows, { ...stored, variables: { COLOR: { value: "red", scope: "both" } } });
  expect(changes.secrets).toEqual({
    set: { COLOR: { value: "red", scope: "both" }, OTHER_TOKEN: { value: "t", scope: "run" } },
    unset: ["API_TOKEN"],
  });
  expect(changes.variables).toEqual({ set: {}, unset: [] });
  expect(changesOf([newRow({ name: "TITLE" })], nothingStored).summary).toEqual([]);
});

test.each([
  ["A=1\nB=2", true],
  ["DATABASE_URL=postgres://x", true],
  ["https://example.org/?a=b", false],
  ["just a value", false],
  ["token=abc", false],
])("%j is pasted as a file: %s", (text, expected) => {
  expect(isEnvText(text)).toBe(expected);
});
