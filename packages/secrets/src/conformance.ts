import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxSecretBytes, type SecretStore } from "./secret-store.ts";

const scope = { teamId: "team_first" };
const other = { teamId: "team_second" };

/** What every SecretStore does. `open` gives a new, empty store; it cleans up by vitest's `onTestFinished`. */
export function secretStoreConformance(name: string, open: () => Promise<SecretStore>): void {
  describe(`${name} as a secret store`, () => {
    keeping(open);
    refusing(open);
  });
}

function keeping(open: () => Promise<SecretStore>): void {
  test("gives back any text as it was put", async () => {
    const store = await open();
    let count = 0;
    const text = fc.string({ unit: "binary", maxLength: 2000 });
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const id = `sec_any${(count += 1)}`;
        await store.put(scope, id, value);
        expect((await store.get(scope, [id])).get(id)).toBe(value);
      }),
      { numRuns: 50 },
    );
  });

  test("takes values up to 64 KiB of UTF-8", async () => {
    const store = await open();
    await store.put(scope, "sec_large", "é".repeat(maxSecretBytes / 2));
    expect((await store.get(scope, ["sec_large"])).get("sec_large")).toHaveLength(maxSecretBytes / 2);
    const put = store.put(scope, "sec_larger", `${"é".repeat(maxSecretBytes / 2)}x`);
    await expect(put).rejects.toMatchObject({ code: "too-large" });
  });

  test("gives those that exist and leaves the others out", async () => {
    const store = await open();
    await store.put(scope, "sec_one1", "first");
    await store.put(scope, "sec_two2", "second");
    const found = await store.get(scope, ["sec_two2", "sec_none", "sec_one1"]);
    expect(found).toEqual(
      new Map([
        ["sec_two2", "second"],
        ["sec_one1", "first"],
      ]),
    );
    expect(await store.get(scope, [])).toEqual(new Map());
  });

  test("deletes, and does not mind what is not there", async () => {
    const store = await open();
    await store.put(scope, "sec_gone", "first");
    await store.delete(scope, ["sec_gone", "sec_none"]);
    await store.delete(scope, ["sec_gone"]);
    expect(await store.get(scope, ["sec_gone"])).toEqual(new Map());
  });

  test("keeps teams apart", async () => {
    const store = await open();
    await store.put(scope, "sec_same", "mine");
    expect(await store.get(other, ["sec_same"])).toEqual(new Map());
    await store.put(other, "sec_same", "theirs");
    await store.delete(other, ["sec_same"]);
    expect((await store.get(scope, ["sec_same"])).get("sec_same")).toBe("mine");
  });

  test("is ready", async () => {
    expect(await (await open()).status()).toBe("ready");
  });
}

function refusing(open: () => Promise<SecretStore>): void {
  test("keeps a version as it is: the same value again is fine, another one is a conflict", async () => {
    const store = await open();
    await store.put(scope, "sec_once", "canary-one");
    await store.put(scope, "sec_once", "canary-one");
    const error: unknown = await store.put(scope, "sec_once", "canary-two").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "conflict" });
    expect((await store.get(scope, ["sec_once"])).get("sec_once")).toBe("canary-one");
    expect(dump(error)).not.toMatch(/canary/);
  });

  test("takes one of several different values that are put at once", async () => {
    const store = await open();
    const values = ["a", "b", "c", "d", "e"];
    const puts = await Promise.allSettled(values.map((value) => store.put(scope, "sec_race", value)));
    const won = values.filter((_value, index) => puts[index]?.status === "fulfilled");
    expect(won).toHaveLength(1);
    expect((await store.get(scope, ["sec_race"])).get("sec_race")).toBe(won[0]);
  });

  test("refuses half of a character rather than to change it", async () => {
    const store = await open();
    await expect(store.put(scope, "sec_half", "\ud800")).rejects.toMatchObject({ code: "invalid-input" });
  });

  test.each(["../sec_x", "sec_a/../../b", "", "key-id", "sec_ABCDE", "sec_abcd\n"])("refuses the id %j", async (id) => {
    const store = await open();
    const invalid = { code: "invalid-input" };
    await expect(store.put(scope, id, "x")).rejects.toMatchObject(invalid);
    await expect(store.get(scope, [id])).rejects.toMatchObject(invalid);
    await expect(store.delete(scope, [id])).rejects.toMatchObject(invalid);
    await expect(store.put({ teamId: id }, "sec_abcd", "x")).rejects.toMatchObject(invalid);
  });
}

/** Everything that could be printed of an error, its cause included. */
function dump(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [JSON.stringify(error), error.stack, error.message, dump(error.cause ?? "")].join("\n");
}
