import * as fc from "fast-check";
import { expect, test } from "vitest";
import { OffsetTracker } from "./offset-tracker.ts";

test("commits up to the first offset that is not finished, in whatever order they finish", () => {
  const offsets = fc.uniqueArray(fc.bigInt({ min: 0n, max: 500n }), { minLength: 1, maxLength: 40 });
  const property = fc.property(offsets, fc.infiniteStream(fc.nat()), (unsorted, choices) => {
    const taken = unsorted.toSorted((a, b) => (a < b ? -1 : 1));
    const tracker = new OffsetTracker();
    for (const offset of taken) tracker.take(offset);
    const open = [...taken];
    while (open.length > 0) {
      const [done = 0n] = open.splice((choices.next().value ?? 0) % open.length, 1);
      tracker.finish(done);
      expect(tracker.size).toBe(open.length);
      const expected = open[0] ?? (taken.at(-1) ?? 0n) + 1n;
      const uncommitted = tracker.uncommitted;
      if (uncommitted !== undefined) {
        expect(uncommitted).toBe(expected);
        tracker.committed(uncommitted);
      }
      expect(tracker.uncommitted).toBeUndefined();
    }
  });
  fc.assert(property);
});

test("nothing taken, nothing to commit", () => {
  expect(new OffsetTracker().uncommitted).toBeUndefined();
});
