import { expect, test } from "vitest";
import { LiveQueue } from "./live-queue.ts";

test("everyone who waits for room goes on when there is some", async () => {
  const queue = new LiveQueue<number>(2);
  const { signal } = new AbortController();
  queue.push(0, 5);
  const senders = [1, 2, 3].map(async (item) => {
    await queue.room(signal);
    queue.push(item, 1);
  });
  const got: (number | undefined)[] = [];
  while (got.length < 4) {
    const item = queue.shift();
    if (item === undefined) await queue.change(1000);
    else got.push(item);
  }
  await Promise.all(senders);
  expect(got).toEqual([0, 1, 2, 3]);
});

test("who gives up waiting is let go", async () => {
  const queue = new LiveQueue<number>(1);
  const abort = new AbortController();
  queue.push(0, 1);
  const waiting = queue.room(abort.signal);
  abort.abort();
  await expect(waiting).resolves.toBeUndefined();
});

test("a quiet queue says so", async () => {
  expect(await new LiveQueue<number>(1).change(1)).toBe(false);
});
