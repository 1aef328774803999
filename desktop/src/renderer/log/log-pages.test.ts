import type { LogLineView } from "@cloudsmith/contracts/api";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LogPages } from "./log-pages.ts";

const at = "2026-01-31T10:00:00.000Z";
function lines(from: number, to: number): LogLineView[] {
  return Array.from({ length: to - from }, (_, index) => ({
    position: from + index,
    at,
    stream: index % 3 === 0 ? "stderr" : "stdout",
    text: `line ${from + index}`,
  }));
}
const shown = (log: LogPages) =>
  Array.from({ length: log.count }, (_, index) => log.line(log.positionAt(index))?.text ?? null);
const texts = (from: number, to: number) => lines(from, to).map((line) => line.text);

test("a line comes back as it went in", () => {
  const log = new LogPages();
  log.add({ lines: [{ position: 0, at, stream: "system", text: "" }, ...lines(1, 4)] });
  expect(log.line(0)).toEqual({ position: 0, at: Date.parse(at), stream: "system", text: "" });
  expect(log.line(3)).toMatchObject({ stream: "stdout", text: "line 3" });
  expect(log.line(4)).toBeUndefined();
});

test("a page and live lines that overlap show each line once", () => {
  const log = new LogPages();
  log.add({ lines: lines(0, 50), total: 60 });
  log.add({ lines: lines(40, 100) });
  log.add({ lines: lines(90, 120) });
  expect(shown(log)).toEqual(texts(0, 120));
  expect(log.missing({ from: 0, to: 120 })).toEqual([]);
});

test("a log opened in its middle knows what is missing around it", () => {
  const log = new LogPages();
  log.add({ lines: lines(500, 600), total: 1_000_000 });
  expect(log.count).toBe(1_000_000);
  expect(log.line(499)).toBeUndefined();
  expect(log.missing({ from: 450, to: 700 })).toEqual([
    { from: 450, to: 500 },
    { from: 600, to: 700 },
  ]);
});

test("lines that were cut on the server take no room, in the head, in the middle and beside what is loaded", () => {
  const log = new LogPages();
  log.add({ lines: [...lines(0, 3), ...lines(999, 1003)], asked: { from: 0, to: 1003 }, total: 1003 });
  expect(log.count).toBe(7);
  expect(shown(log)).toEqual([...texts(0, 3), ...texts(999, 1003)]);
  expect(log.indexOf(999)).toBe(3);
  expect(log.missing({ from: 0, to: 1003 })).toEqual([]);
  const tail = new LogPages();
  tail.add({ lines: lines(5000, 5010), asked: { from: 0, to: 5010 }, total: 5010 });
  expect(shown(tail)).toEqual(texts(5000, 5010));
});

test("what is farthest from the eyes goes first and can be fetched again", () => {
  const log = new LogPages(60_000);
  for (let from = 0; from < 20_000; from += 1000) log.add({ lines: lines(from, from + 1000), total: 20_000 }, 0);
  expect(log.characters).toBeLessThanOrEqual(60_000);
  expect(log.line(0)?.text).toBe("line 0");
  const missing = log.missing({ from: 0, to: 20_000 });
  expect(missing).toHaveLength(1);
  expect(missing[0]?.to).toBe(20_000);
  log.add({ lines: lines(19_000, 20_000) }, 19_999);
  expect(log.line(19_999)?.text).toBe("line 19999");
});

describe("whatever comes in whatever order", () => {
  const batch = fc
    .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 120 }))
    .map(([from, length]) => ({ from, to: Math.min(from + length, 300) }))
    .filter(({ from, to }) => from < to);

  test("each position is held once, with its own text, and the rest is named as missing", () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 20 }), (batches) => {
        const log = new LogPages();
        const held = new Set<number>();
        for (const { from, to } of batches) {
          log.add({ lines: lines(from, to), total: 300 });
          for (let position = from; position < to; position++) held.add(position);
        }
        const missing = new Set(
          log.missing({ from: 0, to: 300 }).flatMap(({ from, to }) => lines(from, to).map((line) => line.position)),
        );
        const total = batches.length === 0 ? 0 : 300;
        for (let position = 0; position < total; position++) {
          expect(log.line(position)?.text).toBe(held.has(position) ? `line ${position}` : undefined);
          expect(missing.has(position)).toBe(!held.has(position));
        }
        expect(log.characters).toBe([...held].reduce((sum, position) => sum + `line ${position}`.length, 0));
      }),
    );
  });
});

test("a million lines are held in what their text weighs", () => {
  const log = new LogPages(Number.MAX_SAFE_INTEGER);
  const before = process.memoryUsage();
  for (let from = 0; from < 1_000_000; from += 2000) log.add({ lines: lines(from, from + 2000) });
  const after = process.memoryUsage();
  expect(log.count).toBe(1_000_000);
  expect(log.line(987_654)?.text).toBe("line 987654");
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  expect(grown / 1e6).toBeLessThan(200);
});
