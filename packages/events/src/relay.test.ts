import { openSqliteStore, type SystemStore } from "@cloudsmith/store";
import { tempDir, waitFor, type TempDir } from "@cloudsmith/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EventBus } from "./bus.ts";
import { openEmbeddedBus } from "./embedded/embedded-bus.ts";
import { startRelay } from "./relay.ts";
import { auditEvent } from "./test-events.ts";

let dir: TempDir;
let store: SystemStore;
let bus: EventBus;
let end: AbortController;
const seen: string[] = [];

beforeEach(async () => {
  dir = await tempDir();
  store = openSqliteStore({ file: dir.file("store.db") });
  bus = openEmbeddedBus({ file: dir.file("events.db") });
  end = new AbortController();
  seen.length = 0;
  await bus.subscribe({
    group: "test",
    topics: ["cloudsmith.audit.v1"],
    signal: end.signal,
    handler: (event) => {
      seen.push(event.source);
      return Promise.resolve();
    },
  });
});
afterEach(async () => {
  end.abort();
  await bus.close();
  await store.close();
  await dir[Symbol.asyncDispose]();
});

const failed = (error: unknown): void => {
  throw error;
};

test("what is committed arrives in order, and the outbox is empty after", async () => {
  for (let n = 0; n < 3; n++) await store.commit({ events: [auditEvent("k", `before ${n}`)] });
  const relay = startRelay({ outbox: store.outbox, bus, signal: end.signal, onError: failed });
  await waitFor("what was there before", () => seen.length === 3);
  for (let n = 0; n < 3; n++) await store.commit({ events: [auditEvent("k", `after ${n}`)] });
  await waitFor("what came later", () => seen.length === 6);
  expect(seen).toEqual([0, 1, 2].map((n) => `before ${n}`).concat([0, 1, 2].map((n) => `after ${n}`)));
  await waitFor("an empty outbox", async () => (await store.outbox.pending(1)).length === 0);
  end.abort();
  await relay;
});

test("more than one batch goes out", async () => {
  for (let n = 0; n < 9; n++)
    await store.commit({ events: Array.from({ length: 90 }, (_, each) => auditEvent("k", `${n * 90 + each}`)) });
  const relay = startRelay({ outbox: store.outbox, bus, signal: end.signal, onError: failed });
  await waitFor("all", () => seen.length === 810);
  expect(seen).toEqual(Array.from({ length: 810 }, (_, n) => String(n)));
  end.abort();
  await relay;
});

test("while the bus is down the outbox keeps everything; errors are told; then it all goes out in order", async () => {
  let down = true;
  const errors: unknown[] = [];
  const flaky = {
    publish: async (...args: Parameters<EventBus["publish"]>) => {
      if (down) throw new Error("down");
      await bus.publish(...args);
    },
  };
  const relay = startRelay({
    outbox: store.outbox,
    bus: flaky,
    signal: end.signal,
    onError: (error) => errors.push(error),
  });
  await store.commit({ events: [auditEvent("k", "1")] });
  await store.commit({ events: [auditEvent("k", "2")] });
  await waitFor("two failed tries", () => errors.length >= 2);
  expect((await store.outbox.pending(10)).map((entry) => entry.event.source)).toEqual(["1", "2"]);
  down = false;
  await waitFor("both", () => seen.length === 2);
  expect(seen).toEqual(["1", "2"]);
  end.abort();
  await relay;
});

test("an abort ends it at once, whether it waits for a commit or for a bus that is down", async () => {
  const idle = startRelay({ outbox: store.outbox, bus, signal: end.signal, onError: failed });
  const publish = (_events: unknown, signal?: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
  const stuck = startRelay({ outbox: store.outbox, bus: { publish }, signal: end.signal, onError: failed });
  await store.commit({ events: [auditEvent("k", "1")] });
  end.abort();
  await Promise.all([idle, stuck]);
});
