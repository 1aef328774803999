import { expect, test } from "vitest";
import type { LogStore } from "../log-store.ts";
import { follow, id, line, written } from "./lines.ts";

export function following(open: () => Promise<LogStore>): void {
  test("follows from before the first line to the end", async () => {
    const store = await open();
    const followed = follow(store);
    const writer = store.writer(id);
    for (let index = 0; index < 500; index += 1) {
      writer.write(line(`line ${index}`));
      if (index % 100 === 0) await writer.flush();
    }
    await writer.end();
    expect((await followed).map(({ position }) => position)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  test("follows from a position on across segments, without gap or duplicate", async () => {
    const store = await open();
    const writer = store.writer(id);
    const after = 20_000;
    const followed = follow(store, after);
    await written(writer, 40_000, "end", "x".repeat(80));
    const lines = await followed;
    expect(lines).toHaveLength(40_000 - after - 1);
    for (const [index, { position, text }] of lines.entries()) {
      if (position !== after + 1 + index || !text.startsWith(`line ${position} `)) expect.fail(`wrong at ${position}`);
    }
  });

  test("follows on over a close, and ends at once on a log that is ended", async () => {
    const store = await open();
    await written(store.writer(id), 3, "close");
    const followed = follow(store, 0);
    await written(store.writer(id), 2, "end");
    expect((await followed).map(({ position }) => position)).toEqual([1, 2, 3, 4]);
    expect(await follow(store, 3)).toHaveLength(1);
    expect(await follow(store, 4)).toEqual([]);
    expect(await follow(store, 400)).toEqual([]);
  });

  test("returns on abort, before and while it waits", async () => {
    const store = await open();
    expect(await follow(store, -1, AbortSignal.abort())).toEqual([]);
    await written(store.writer(id), 3, "close");
    const abort = new AbortController();
    for await (const batch of store.follow(id, { signal: abort.signal })) {
      expect(batch).toHaveLength(3);
      setImmediate(() => abort.abort());
    }
  });

  test("returns when the log is deleted", async () => {
    const store = await open();
    const writer = store.writer(id);
    writer.write(line("first"));
    await writer.flush();
    for await (const batch of store.follow(id, { signal: AbortSignal.timeout(20_000) })) {
      expect(batch).toHaveLength(1);
      await store.delete(id);
    }
    expect((await store.read(id)).total).toBe(0);
  });
}
