import * as fc from "fast-check";
import { expect, test } from "vitest";
import { contrast, leastContrast, paintOf, paper, type Theme } from "./ansi-paint.ts";
import { ansiSpans } from "./ansi-spans.ts";

const themes: readonly Theme[] = ["light", "dark"];
const styleOf = (codes: string) => ansiSpans(`\u001b[${codes}mx`)[0]?.style ?? {};

test("whatever a program asks for can be read in both themes", () => {
  const code = fc.oneof(
    fc.integer({ min: 0, max: 107 }).map(String),
    fc.integer({ min: 0, max: 255 }).map((index) => `38;5;${index}`),
    fc.integer({ min: 0, max: 255 }).map((index) => `48;5;${index}`),
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((rgb) => `38;2;${rgb.join(";")}`),
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((rgb) => `48;2;${rgb.join(";")}`),
  );
  fc.assert(
    fc.property(fc.array(code, { maxLength: 4 }), fc.constantFrom(...themes), (codes, theme) => {
      const { color, background } = paintOf(styleOf(codes.join(";")), theme);
      if (color === undefined) expect(background).toBeUndefined();
      else expect(contrast(color, background ?? paper[theme])).toBeGreaterThanOrEqual(leastContrast);
    }),
  );
});

test("a colour that can be read stays what it is", () => {
  expect(paintOf(styleOf("38;2;255;160;0"), "dark")).toEqual({ color: "#ffa000" });
  expect(paintOf({}, "dark")).toEqual({});
});

test("reversed text changes places with what is behind it", () => {
  expect(paintOf(styleOf("7"), "dark")).toEqual({ color: paper.dark, background: "#f4f4f6" });
});
