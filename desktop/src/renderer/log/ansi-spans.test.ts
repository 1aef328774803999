import * as fc from "fast-check";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { ansiSpans, plainText } from "./ansi-spans.ts";

const escape = "\u001b";

test("plain text is one span", () => {
  expect(ansiSpans("added 12 packages")).toEqual([{ text: "added 12 packages", style: {} }]);
  expect(ansiSpans("")).toEqual([]);
});

test("colours and weights, ended by 0 or by nothing", () => {
  expect(ansiSpans(`${escape}[1;31merror${escape}[m: no ${escape}[38;5;208mway${escape}[0m`)).toEqual([
    { text: "error", style: { foreground: { type: "named", name: "red" }, bold: true } },
    { text: ": no ", style: {} },
    { text: "way", style: { foreground: { type: "table", index: 208 } } },
  ]);
});

test.each([
  ["cursor movements", `${escape}[2K${escape}[1Gresolving ${escape}[?25hmodules`, "resolving modules"],
  ["a link", `see ${escape}]8;;https://example.com${escape}\\the docs${escape}]8;;${escape}\\`, "see the docs"],
  ["a window's title", `${escape}]0;vite build\u0007done`, "done"],
  ["a progress bar", "10 %\r50 %\r100 %\r", "100 %"],
  ["a character set", `${escape}(Bok`, "ok"],
  ["bells and backspaces", "a\u0007b\u0008c", "abc"],
  ["a sequence that was cut off", `half${escape}[3`, "half3"],
])("%s leave the text alone", (_, line, text) => {
  expect(plainText(line)).toBe(text);
});

test("whatever is written, no control character but a tab is left, and plain words stay", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(`${escape}[`, `${escape}]`, "m", "0;31", `${escape}[31m`, "\u009b", "\r", escape, ";", "\t"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = plainText(pieces.join(""));
      expect(text).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/);
    }),
  );
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 107 }), (word, code) => {
      const clean = stripVTControlCharacters(word).replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
      expect(plainText(`${escape}[${code}m${clean}${escape}[0m`)).toBe(clean);
    }),
  );
});

test("a line made to be slow is not", () => {
  const started = performance.now();
  for (const line of [
    `${escape}[`.repeat(8000),
    `${escape}]`.repeat(8000),
    `${escape}[1;`.repeat(5000),
    "\r".repeat(16_000),
  ])
    ansiSpans(line);
  expect(performance.now() - started).toBeLessThan(500);
});
