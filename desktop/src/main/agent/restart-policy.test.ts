import { expect, test } from "vitest";
import { countEnd, restartPause } from "./restart-policy.ts";

test("an agent that keeps ending is started after longer and longer pauses, and then not any more", () => {
  const pauses = [1, 2, 3, 4, 5, 6].map(restartPause);
  expect(pauses).toEqual([500, 1000, 2000, 5000, 10_000, "give-up"]);
});

test("one that ran for a minute is forgiven what was before", () => {
  expect(countEnd(4, 1000)).toBe(5);
  expect(countEnd(4, 60_000)).toBe(1);
});
