import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Digest } from "@cloudsmith/contracts";
import { describe, expect, test } from "vitest";
import type { BlobScope, BlobStore } from "./blob-store.ts";

const scope: BlobScope = { teamId: "team_first", kind: "source" };
const absent = Digest.parse(`sha256:${"0".repeat(64)}`);

/** What every BlobStore does. `open` gives a new, empty store; it cleans up by vitest's `onTestFinished`. */
export function blobStoreConformance(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name} as a blob store`, () => {
    storing(open);
    refusing(open);
    listing(open);
  });
}

function storing(open: () => Promise<BlobStore>): void {
  test.each([0, 1, 65_536, 3_000_001])("gives back the %i bytes that were put", async (size) => {
    const store = await open();
    const bytes = randomBytes(size);
    const put = await store.put(scope, chunksOf(bytes, 50_000));
    expect(put).toEqual({ digest: digestOf(bytes), size });
    expect(await store.stat(scope, put.digest)).toEqual({ size });
    expect((await buffer(await store.open(scope, put.digest))).equals(bytes)).toBe(true);
  });

  test("keeps equal bytes once, also when they are put at the same time", async () => {
    const store = await open();
    const bytes = randomBytes(100_000);
    const puts = await Promise.all([1, 10, 100, 1000].map((size) => store.put(scope, chunksOf(bytes, size * 100))));
    expect(new Set(puts.map((put) => put.digest))).toEqual(new Set([digestOf(bytes)]));
    expect((await store.list(scope)).items).toHaveLength(1);
    expect((await buffer(await store.open(scope, digestOf(bytes)))).equals(bytes)).toBe(true);
  });

  test("can be read while it is put again", async () => {
    const store = await open();
    const bytes = randomBytes(2_000_000);
    const { digest } = await store.put(scope, chunksOf(bytes, 10_000));
    const reading = await store.open(scope, digest);
    await store.put(scope, chunksOf(bytes, 10_000));
    expect((await buffer(reading)).equals(bytes)).toBe(true);
  });

  test("deletes, and does not mind what is not there", async () => {
    const store = await open();
    const { digest } = await store.put(scope, chunksOf(Buffer.from("gone soon"), 4));
    await store.delete(scope, digest);
    await store.delete(scope, digest);
    expect(await store.stat(scope, digest)).toBeUndefined();
    await expect(store.open(scope, digest)).rejects.toMatchObject({ code: "not-found" });
  });
}

function refusing(open: () => Promise<BlobStore>): void {
  test("answers not-found for a blob that was never put", async () => {
    const store = await open();
    await expect(store.open(scope, absent)).rejects.toMatchObject({ code: "not-found" });
    expect(await store.stat(scope, absent)).toBeUndefined();
  });

  test.each([
    { ...scope, teamId: "team_second" },
    { ...scope, kind: "artifact" as const },
  ])("keeps scopes apart: $teamId $kind sees nothing", async (other) => {
    const store = await open();
    const { digest } = await store.put(scope, chunksOf(Buffer.from("mine"), 4));
    expect(await store.stat(other, digest)).toBeUndefined();
    await expect(store.open(other, digest)).rejects.toMatchObject({ code: "not-found" });
    expect((await store.list(other)).items).toEqual([]);
    await store.delete(other, digest);
    expect(await store.stat(scope, digest)).toEqual({ size: 4 });
  });

  test.each(["../team_x", "team_", "", "prj_first", "team_a/../../b"])("refuses the team %j", async (teamId) => {
    const invalid = { code: "invalid-input" };
    const store = await open();
    await expect(store.put({ ...scope, teamId }, chunksOf(Buffer.from("x"), 1))).rejects.toMatchObject(invalid);
    await expect(store.list({ ...scope, teamId })).rejects.toMatchObject(invalid);
    await expect(store.delete({ ...scope, teamId }, absent)).rejects.toMatchObject(invalid);
  });

  test("what is renewed is as new, and a cleaner that came before that leaves it", async () => {
    const store = await open();
    const { digest } = await store.put(scope, chunksOf(Buffer.from("old"), 2));
    const [put] = (await store.list(scope)).items;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const cleanerCame = new Date();
    expect(await store.renew(scope, digest)).toBe(true);
    const [renewed] = (await store.list(scope)).items;
    expect(Date.parse(renewed?.modifiedAt ?? "")).toBeGreaterThan(Date.parse(put?.modifiedAt ?? ""));
    expect(await store.delete(scope, digest, { unlessSince: new Date(cleanerCame.getTime() - 1000) })).toBe(false);
    expect(await store.stat(scope, digest)).toEqual({ size: 3 });
    expect(await store.delete(scope, digest, { unlessSince: new Date(Date.now() + 60_000) })).toBe(true);
    expect(await store.stat(scope, digest)).toBeUndefined();
    expect(await store.renew(scope, digest)).toBe(false);
  });

  test("stops at maxBytes and keeps nothing", async () => {
    const store = await open();
    const put = store.put(scope, chunksOf(randomBytes(5000), 1000), { maxBytes: 4999 });
    await expect(put).rejects.toMatchObject({ code: "too-large" });
    expect((await store.list(scope)).items).toEqual([]);
    await store.put(scope, chunksOf(randomBytes(5000), 1000), { maxBytes: 5000 });
  });

  test("refuses content with another digest than expected and keeps nothing", async () => {
    const store = await open();
    const put = store.put(scope, chunksOf(Buffer.from("other"), 2), { expected: absent });
    await expect(put).rejects.toMatchObject({ code: "data-damaged" });
    expect((await store.list(scope)).items).toEqual([]);
  });

  test("keeps nothing when the content breaks off, and gives its error back", async () => {
    const store = await open();
    const broken = (async function* () {
      yield* chunksOf(randomBytes(100_000), 1000);
      throw new Error("the sender hung up");
    })();
    await expect(store.put(scope, broken)).rejects.toThrow("the sender hung up");
    expect((await store.list(scope)).items).toEqual([]);
  });

  test("stops on abort even when the content hangs", async () => {
    const store = await open();
    const abort = new AbortController();
    const hanging = (async function* () {
      yield Buffer.from("begun");
      abort.abort();
      await new Promise(() => {});
    })();
    await expect(store.put(scope, hanging, { signal: abort.signal })).rejects.toMatchObject({ code: "aborted" });
    expect((await store.list(scope)).items).toEqual([]);
  });
}

function listing(open: () => Promise<BlobStore>): void {
  test("lists all in pages, each once, ordered by digest", async () => {
    const store = await open();
    const before = Date.now() - 2000;
    const contents = Array.from({ length: 23 }, (_, index) => Buffer.from(`content ${index}`));
    for (const bytes of contents) await store.put(scope, chunksOf(bytes, 5));
    const found = [];
    let cursor: string | undefined;
    do {
      const page = await store.list(scope, { limit: 5, ...(cursor !== undefined && { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(5);
      found.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(found.map((item) => item.digest)).toEqual(contents.map(digestOf).sort());
    for (const item of found) expect(Date.parse(item.modifiedAt)).toBeGreaterThan(before);
  });

  test("has no cursor on a page that is full and the last", async () => {
    const store = await open();
    await store.put(scope, chunksOf(Buffer.from("one"), 3));
    await store.put(scope, chunksOf(Buffer.from("two"), 3));
    expect(await store.list(scope, { limit: 2 })).not.toHaveProperty("cursor");
    expect(await store.list(scope, { limit: 1 })).toHaveProperty("cursor");
  });
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function digestOf(bytes: Uint8Array): Digest {
  return Digest.parse(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
}
