import * as fc from "fast-check";
import { expect, test } from "vitest";
import { plainText } from "./ansi-spans.ts";
import { lineSpans } from "./line-spans.ts";

const red = { foreground: { type: "named", name: "red" } };

test("what was found is marked across colours and addresses", () => {
  const line = "\u001b[31mat http://x.test/a\u001b[0m end";
  expect(lineSpans(line, () => [{ from: 1, to: 5 }])).toEqual([
    { text: "a", style: red },
    { text: "t ", style: red, marked: true },
    { text: "ht", style: red, href: "http://x.test/a", marked: true },
    { text: "tp://x.test/a", style: red, href: "http://x.test/a" },
    { text: " end", style: {} },
  ]);
});

test("a plain line is one run", () => {
  expect(lineSpans("hello", () => [])).toEqual([{ text: "hello", style: {} }]);
  expect(lineSpans("", () => [])).toEqual([]);
});

test("whatever is marked, the text stays whole and in order", () => {
  const mark = fc.tuple(fc.nat(40), fc.nat(10)).map(([from, length]) => ({ from, to: from + length }));
  const piece = fc.constantFrom("word ", "http://a.test/b ", "\u001b[1m", "\u001b[0m", "x");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(mark, { maxLength: 4 }), (pieces, marks) => {
      const line = pieces.join("");
      expect(
        lineSpans(line, () => marks)
          .map((span) => span.text)
          .join(""),
      ).toBe(plainText(line));
    }),
  );
});
