import { assert, integer, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { fitLine, formatAgo, formatBytes, formatDuration, formatTable } from "./format.ts";

it.each([
  [0, "0.0 s"],
  [940, "0.9 s"],
  [59_400, "59 s"],
  [59_900, "60 s"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 5 min"],
  [400_000_000, "4 d"],
])("%i ms read as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [34_200, "34.2 kB"],
  [1_200_000_000, "1.2 GB"],
])("%i bytes read as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

it("an instant reads as an age", () => {
  const now = Date.parse("2030-01-01T00:05:00.000Z");
  expect(formatAgo("2030-01-01T00:02:10.000Z", now)).toBe("2 min ago");
  expect(formatAgo("2030-01-01T00:04:58.000Z", now)).toBe("just now");
});

describe("tables and lines", () => {
  it("columns line up, whatever the colours", () => {
    expect(
      formatTable(
        ["a", "b"],
        [
          ["\u001B[32mlong\u001B[39m", "x"],
          ["s", "y"],
        ],
      ),
    ).toEqual(["a     b", "\u001B[32mlong\u001B[39m  x", "s     y"]);
  });

  it("no line of a program moves the cursor or is wider than asked", () => {
    assert(
      property(string({ unit: "binary" }), integer({ min: 1, max: 120 }), (text, width) => {
        const line = fitLine(text, width);
        expect(line.length).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\u0000-\u001F\u007F]/);
      }),
    );
  });
});
