import { expect, test } from "vitest";
import { levelOf } from "./line-level.ts";

test.each([
  "npm ERR! code ELIFECYCLE",
  "npm error code E404",
  "error TS2322: Type 'string' is not assignable",
  "Error: Cannot find module 'x'",
  "  TypeError: a is not a function",
  "[ERROR] build failed",
  "✖ 3 problems",
  "Traceback (most recent call last):",
  "panic: runtime error",
  "error[E0308]: mismatched types",
])("%s is an error", (text) => {
  expect(levelOf(text)).toBe("error");
});

test.each(["npm WARN deprecated x", "warning: unused variable", "npm warn deprecated glob@7.2.3", "[WARNING] slow"])(
  "%s is a warning",
  (text) => {
    expect(levelOf(text)).toBe("warning");
  },
);

test.each(["0 errors", "compiled without error", "errors.ts 2 kB", "added 12 packages", "GET /error 200", ""])(
  "%s is plain",
  (text) => {
    expect(levelOf(text)).toBe("plain");
  },
);
