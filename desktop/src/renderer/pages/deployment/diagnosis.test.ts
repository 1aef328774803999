import { expect, test } from "vitest";
import { causeLine, isUnsure, placeOf, settingChanges, type FailureOf } from "./diagnosis.ts";

const failure = (change: Partial<FailureOf>): FailureOf => ({
  code: "type-error",
  message: "The type checker found errors",
  stage: "building",
  ...change,
});

test.each([
  [{ message: "Cannot find ./x (src/app.ts:12)" }, "src/app.ts:12"],
  [{ cause: "src/pages/index.tsx:3:14 - error TS2322: no" }, "src/pages/index.tsx:3"],
  [{ excerpt: ["Traceback", '  File "app/main.py", line 7, in <module>'] }, "app/main.py:7"],
  [{ cause: "listen EADDRINUSE 127.0.0.1:3000" }, undefined],
  [{ cause: "at 10:30:15 something" }, undefined],
])("%j is at %s", (change, place) => {
  expect(placeOf(failure(change))).toBe(place);
});

test("a failure opens the log of the stage it happened in", () => {
  expect(causeLine(failure({ logLine: 7 }))).toEqual({ section: "build", position: 7 });
  expect(causeLine(failure({ logLine: 0, stage: "verifying" }))).toEqual({ section: "start", position: 0 });
  expect(causeLine(failure({}))).toBeUndefined();
});

test("what a fix changes is told setting by setting", () => {
  const suggestion = { limits: { buildMemoryMb: 4096 }, build: "npm run build", toolchains: { node: "22" } };
  expect(settingChanges(failure({ suggestion }))).toEqual([
    { name: "limits.buildMemoryMb", value: "4096" },
    { name: "build", value: "npm run build" },
    { name: "toolchains.node", value: "22" },
  ]);
  expect(settingChanges(failure({}))).toEqual([]);
});

test("a code that names no cause is unsure", () => {
  expect(isUnsure(failure({ code: "build-failed" }))).toBe(true);
  expect(isUnsure(failure({}))).toBe(false);
});
