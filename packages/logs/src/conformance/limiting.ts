import { expect, test } from "vitest";
import type { LogId, LogStore } from "../log-store.ts";
import { follow, id, readAll, written } from "./lines.ts";

export function limiting(open: () => Promise<LogStore>): void {
  const maxBytes = 400_000;
  const count = 30_000;

  test("keeps the newest lines of a full release log, under their positions", async () => {
    const store = await open();
    const release: LogId = { teamId: "team_first", id: "release/rel_abcd" };
    await written(store.writer(release, { maxBytes }), count, "end", "x".repeat(40));
    const { first, total, lines } = await store.read(release, { last: 10_000 });
    expect(total).toBe(count);
    expect(first).toBeGreaterThan(count / 2);
    expect(lines.at(-1)).toMatchObject({ position: count - 1, text: expect.stringMatching(`^line ${count - 1} `) });
    const [cut, oldest] = (await store.read(release, { limit: 2 })).lines;
    expect(cut).toMatchObject({
      position: first - 1,
      stream: "system",
      text: expect.stringMatching(`^${first} lines`),
    });
    expect(oldest).toMatchObject({ position: first, text: expect.stringMatching(`^line ${first} `) });
    expect(await bytesOf(store, release)).toBeLessThan(maxBytes * 1.5);
  });

  test("keeps head and tail of a full build log, with one line for what was cut", async () => {
    const store = await open();
    for (let part = 0; part < 3; part += 1) {
      const writer = store.writer(id, { maxBytes });
      await written(writer, count / 3, "close", "x".repeat(40));
    }
    const lines = await readAll(store, id);
    expect(lines[0]).toMatchObject({ position: 0, text: expect.stringMatching(/^line 0 /) });
    expect(lines.at(-1)?.position).toBe(count - 1);
    const jumps = lines.filter((each, index) => index > 0 && each.position !== (lines[index - 1]?.position ?? 0) + 1);
    expect(jumps).toHaveLength(1);
    const cut = jumps[0]?.position ?? 0;
    expect(jumps[0]?.stream).toBe("system");
    expect(lines.filter(({ stream }) => stream === "system")).toHaveLength(1);
    expect(Number.parseInt(jumps[0]?.text ?? "", 10)).toBe(count - lines.length + 1);
    for (const { position, text, stream } of lines) {
      if (stream !== "system" && !text.startsWith(`line ${position % (count / 3)} `))
        expect.fail(`wrong at ${position}`);
    }
    expect((await store.read(id, { before: cut + 2, limit: 3 })).lines.map((each) => each.position)).toEqual([
      lines[lines.findIndex((each) => each.position === cut) - 1]?.position,
      cut,
      cut + 1,
    ]);
    expect(await bytesOf(store, id)).toBeLessThan(maxBytes * 1.5);
  });

  test("a follower that comes late gets the same lines as a reader", async () => {
    const store = await open();
    await written(store.writer(id, { maxBytes }), count, "end", "x".repeat(40));
    expect(await follow(store)).toEqual(await readAll(store, id));
    const middle = count / 2;
    expect(await follow(store, middle)).toEqual((await readAll(store, id)).filter((each) => each.position > middle));
  });
}

async function bytesOf(store: LogStore, log: LogId): Promise<number> {
  return (await readAll(store, log)).reduce((sum, { text }) => sum + Buffer.byteLength(text) + 28, 0);
}
