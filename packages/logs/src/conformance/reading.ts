import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LogPage, LogStore, ReadOptions } from "../log-store.ts";
import { id, line, written } from "./lines.ts";

export function reading(open: () => Promise<LogStore>): void {
  test.each<[ReadOptions, number[], number | undefined]>([
    [{ limit: 3 }, [0, 1, 2], 2],
    [{ after: 2, limit: 3 }, [3, 4, 5], 5],
    [{ after: 6, limit: 3 }, [7, 8, 9], undefined],
    [{ after: 9 }, [], undefined],
    [{ after: 500 }, [], undefined],
    [{ last: 2 }, [8, 9], undefined],
    [{ last: 500 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], undefined],
    [{ before: 4, limit: 2 }, [2, 3], 3],
    [{ before: 1, limit: 5 }, [0], 0],
    [{ before: 0 }, [], undefined],
    [{ after: 1, before: 5 }, [2, 3, 4], 4],
    [{ after: 1, before: 5, limit: 2 }, [2, 3], 3],
    [{ after: -5, limit: 1 }, [0], 0],
  ])("reads %j of ten lines", async (options, positions, next) => {
    const store = await open();
    await written(store.writer(id), 10, "end");
    const page = await store.read(id, options);
    expect(page.lines.map(({ position }) => position)).toEqual(positions);
    expect(page.lines.map(({ text }) => text)).toEqual(positions.map((position) => `line ${position}`));
    expect(page.next).toBe(options.before === 0 ? page.next : next);
    expect(page).toMatchObject({ total: 10, first: 0, ended: true });
  });

  test("reads a log of many segments in pages without gap or duplicate", async () => {
    const store = await open();
    const count = 40_000;
    await written(store.writer(id), count, "end", "x".repeat(80));
    let expected = 0;
    let after: number | undefined = -1;
    while (after !== undefined) {
      const page: LogPage = await store.read(id, { after, limit: 7777 });
      for (const { position } of page.lines) expect(position).toBe(expected++);
      after = page.next;
    }
    expect(expected).toBe(count);
    expect((await store.read(id, { after: 31_233, limit: 1 })).lines[0]?.text).toMatch(/^line 31234 /);
    expect((await store.read(id, { before: 10_001, limit: 3000 })).lines[0]?.text).toMatch(/^line 7001 /);
  });

  test("gives the page that plain filtering gives, whatever is asked for", async () => {
    const store = await open();
    const count = 25_000;
    await written(store.writer(id), count, "end", "x".repeat(80));
    const all = Array.from({ length: count }, (_, index) => index);
    const position = fc.integer({ min: -2, max: count + 2 });
    const sizes = fc.integer({ min: 1, max: 50 });
    const range = { after: position, before: position, grep: fc.constantFrom("7 ", "line 12", "/9{2}/", "none") };
    const asked = fc.oneof(
      fc.record({ ...range, limit: sizes }, { requiredKeys: ["limit"] }),
      fc.record({ ...range, last: sizes }, { requiredKeys: ["last"] }),
    );
    await fc.assert(
      fc.asyncProperty(asked, async (options: ReadOptions) => {
        const { after = -1, before = count, grep = "", limit, last } = options;
        const pattern = new RegExp(grep.replaceAll("/", ""));
        const matching = all.filter((at) => at > after && at < before && pattern.test(`line ${at} x`));
        const isFromEnd = last !== undefined || (options.before !== undefined && options.after === undefined);
        const size = last ?? limit ?? 0;
        const page = await store.read(id, options);
        expect(page.lines.map((each) => each.position)).toEqual(
          isFromEnd ? matching.slice(-size) : matching.slice(0, size),
        );
        if (!isFromEnd && matching.length > size) expect(page.next).toBe(matching[size - 1]);
      }),
      { numRuns: 150 },
    );
  });

  test("knows nothing of a log that was never written, or of another team's", async () => {
    const store = await open();
    const nothing = { lines: [], next: undefined, ended: false, first: 0, total: 0 };
    expect(await store.read(id, { last: 10, grep: "x", since: new Date(0).toISOString() })).toEqual(nothing);
    await written(store.writer(id), 1, "end");
    expect(await store.read({ ...id, teamId: "team_second" })).toEqual(nothing);
  });

  test("deletes a log, its writer too, and does not mind one that is not there", async () => {
    const store = await open();
    const writer = store.writer(id);
    await store.delete(id);
    writer.write(line("gone"));
    await store.delete(id);
    expect((await store.read(id)).total).toBe(0);
    await written(store.writer(id), 2, "end");
    expect((await store.read(id)).total).toBe(2);
  });
}
