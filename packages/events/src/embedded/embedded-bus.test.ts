import { tempDir, waitFor } from "@cloudsmith/testkit";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { busConformance } from "../conformance.ts";
import { auditEvent, quickRetries } from "../test-events.ts";
import { BusFile } from "./bus-file.ts";
import { busOn, openEmbeddedBus } from "./embedded-bus.ts";

busConformance("the embedded bus", async () => {
  const dir = await tempDir();
  return {
    open: async () => openEmbeddedBus({ file: dir.file("events.db") }),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
});

/** Runs the process that publishes and handles until it has published some, kills it, and gives the lines it told. */
async function runAndKill(file: string, from: number, count: number): Promise<string[]> {
  const script = fileURLToPath(new URL("../test-bus-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, file, String(from)], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    let text = "";
    child.stdout.on("data", (part: Buffer) => (text += part.toString()));
    await waitFor("some events", () => text.includes(`published ${from + count}\n`));
    child.kill("SIGKILL");
    await once(child, "close");
    return text.split("\n").slice(0, -1);
  } finally {
    child.kill("SIGKILL");
  }
}

test(
  "a killed process loses nothing: every published event is handled, each key in order",
  { timeout: 60_000 },
  async () => {
    await using dir = await tempDir();
    const file = dir.file("events.db");
    const handled = new Map<string, number[]>();
    const note = (key: string, source: string): void =>
      void handled.set(key, [...(handled.get(key) ?? []), Number(source)]);
    let published = -1;
    for (let round = 0; round < 3; round++) {
      for (const line of await runAndKill(file, published + 1, 30 + 20 * round)) {
        const [what, first = "", second = ""] = line.split(" ");
        if (what === "published") published = Number(first);
        else note(first, second);
      }
    }
    const end = new AbortController();
    const bus = openEmbeddedBus({ file });
    await bus.subscribe({
      group: "test",
      topics: ["cloudsmith.audit.v1"],
      signal: end.signal,
      handler: (event) => Promise.resolve(note(event.partitionkey, event.source)),
    });
    await waitFor("the rest", async () => (await bus.lag("test")) === 0);
    await bus.close();
    for (const key of ["a", "b", "c"]) {
      const numbers = handled.get(key) ?? [];
      // Handled at least once: an event can come again after a kill, never out of order.
      expect([...new Set(numbers)].slice(0, published + 1)).toEqual(Array.from({ length: published + 1 }, (_, n) => n));
    }
  },
);

test("a full disk refuses to publish, and nothing of it is left; the bus goes on when there is room again", async () => {
  await using dir = await tempDir();
  const file = new BusFile(dir.file("events.db"));
  const errors: unknown[] = [];
  const bus = busOn(file, (error) => errors.push(error));
  const end = new AbortController();
  const handled: string[] = [];
  await bus.subscribe({
    group: "test",
    topics: ["cloudsmith.audit.v1"],
    signal: end.signal,
    retries: quickRetries,
    handler: (event) => Promise.resolve(void handled.push(event.source.slice(0, 1))),
  });
  file.limitPages(30);
  await expect(bus.publish([auditEvent("k", `a${"x".repeat(300_000)}`)])).rejects.toMatchObject({ code: "disk-full" });
  expect(await bus.lag("test")).toBe(0);
  file.limitPages(1_000_000);
  await bus.publish([auditEvent("k", `b${"x".repeat(300_000)}`)]);
  await waitFor("the event", () => handled.includes("b"));
  expect(errors).toEqual([]);
  await bus.close();
});

test("what waits for a group that nobody joins any more is dropped in the end", async () => {
  await using dir = await tempDir();
  const file = dir.file("events.db");
  const first = new BusFile(file);
  first.join("gone", ["cloudsmith.audit.v1"]);
  first.append([auditEvent("k", "1")]);
  expect(first.lag("gone")).toBe(1);
  first.close();
  const day = 24 * 3600 * 1000;
  const soon = new BusFile(file, Date.now() + 29 * day);
  expect(soon.lag("gone")).toBe(1);
  soon.close();
  const late = new BusFile(file, Date.now() + 31 * day);
  expect(late.lag("gone")).toBe(0);
  expect(late.append([auditEvent("k", "2")])).toEqual([]);
  late.close();
});
