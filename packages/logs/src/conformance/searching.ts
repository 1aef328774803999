import { expect, test } from "vitest";
import type { LogPage, LogStore, ReadOptions } from "../log-store.ts";
import { id, line } from "./lines.ts";

export function searching(open: () => Promise<LogStore>): void {
  const start = Date.parse("2026-01-31T10:00:00.000Z");
  const second = (index: number) => new Date(start + index * 1000).toISOString();

  async function clock(store: LogStore): Promise<void> {
    const writer = store.writer(id);
    const filler = "y".repeat(1000);
    for (let index = 0; index < 5000; index += 1) {
      writer.write({ at: second(index), stream: "stdout", text: `tick ${index} ${filler}` });
    }
    await writer.end();
  }

  test("reads from a point in time on", async () => {
    const store = await open();
    await clock(store);
    for (const index of [0, 1, 777, 2500, 4999]) {
      const page = await store.read(id, { since: second(index), limit: 2 });
      expect(page.lines[0]).toMatchObject({ position: index, at: second(index) });
    }
    expect((await store.read(id, { since: new Date(start - 5).toISOString(), limit: 1 })).lines[0]?.position).toBe(0);
    expect((await store.read(id, { since: second(5000) })).lines).toEqual([]);
    expect((await store.read(id, { since: second(4000), last: 5000 })).lines).toHaveLength(1000);
    expect((await store.read(id, { since: second(10), after: 20, limit: 1 })).lines[0]?.position).toBe(21);
  });

  test.each<[ReadOptions, number[]]>([
    [{ grep: "tick 123 " }, [123]],
    [{ grep: "tick 49", last: 2 }, [4998, 4999]],
    [{ grep: "/^TICK 5\\d\\d /i", limit: 2 }, [500, 501]],
    [{ grep: "/tick 5/", before: 500, limit: 2 }, [58, 59]],
    [{ grep: "/tick 49/", since: second(4998) }, [4998, 4999]],
    [{ grep: "tack" }, []],
    [{ grep: "/" }, []],
  ])("finds %j", async (options, positions) => {
    const store = await open();
    await clock(store);
    const page = await store.read(id, options);
    expect(page.lines.map(({ position }) => position)).toEqual(positions);
  });

  test("pages through matches", async () => {
    const store = await open();
    await clock(store);
    const found: number[] = [];
    let after: number | undefined = -1;
    while (after !== undefined) {
      const page: LogPage = await store.read(id, { after, grep: "/tick \\d*7 /", limit: 33 });
      found.push(...page.lines.map(({ position }) => position));
      after = page.next;
    }
    expect(found).toEqual(Array.from({ length: 500 }, (_, index) => index * 10 + 7));
  });

  test("looks through ANSI codes", async () => {
    const store = await open();
    const writer = store.writer(id);
    writer.write(line("\u001b[31mer\u001b[1mror\u001b[0m: x"));
    await writer.end();
    expect((await store.read(id, { grep: "error: x" })).lines).toHaveLength(1);
    expect((await store.read(id, { grep: "/^error/" })).lines).toHaveLength(1);
    expect((await store.read(id, { grep: "[31m" })).lines).toHaveLength(0);
  });

  test("stops a pattern that would take for ever", async () => {
    const store = await open();
    const writer = store.writer(id);
    writer.write(line(`${"a".repeat(50)}!`));
    await writer.end();
    await expect(store.read(id, { grep: "/^(a+)+$/" })).rejects.toMatchObject({ code: "invalid-input" });
  });
}
