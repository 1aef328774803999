import { expect, test } from "vitest";
import type { LogStore, ReadOptions } from "../log-store.ts";
import { id, line, textsOf, written } from "./lines.ts";

export function refusing(open: () => Promise<LogStore>): void {
  test.each([
    "",
    "..",
    "../x",
    "build/../../x",
    "/etc",
    "build//x",
    "a/b/c/d",
    "build/x\n",
    "Build/x",
    "build/.x",
    "a\0b",
  ])("refuses the id %j", async (bad) => {
    const store = await open();
    const invalid = { code: "invalid-input" };
    await expect(store.read({ ...id, id: bad })).rejects.toMatchObject(invalid);
    await expect(store.delete({ ...id, id: bad })).rejects.toMatchObject(invalid);
    expect(() => store.writer({ ...id, id: bad })).toThrow(expect.objectContaining(invalid));
    await expect(store.read({ ...id, teamId: bad })).rejects.toMatchObject(invalid);
  });

  test.each<ReadOptions>([{ since: "yesterday" }, { grep: "/(/" }, { grep: `/${"x".repeat(1000)}/` }])(
    "refuses to read %j",
    async (options) => {
      const store = await open();
      await written(store.writer(id), 1, "end");
      await expect(store.read(id, options)).rejects.toMatchObject({ code: "invalid-input" });
    },
  );

  test("has one writer at a time", async () => {
    const store = await open();
    const first = store.writer(id);
    first.write(line("first"));
    await first.flush();
    const second = store.writer(id);
    second.write(line("second"));
    await expect(second.flush()).rejects.toMatchObject({ code: "conflict" });
    await first.close();
    await second.flush();
    await second.end();
    expect(textsOf(await store.read(id))).toEqual(["first", "second"]);
  });
}
