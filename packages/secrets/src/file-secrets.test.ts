import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { secretStoreConformance } from "./conformance.ts";
import { keyFile, type KeyProvider, openFileSecrets } from "./index.ts";

const scope = { teamId: "team_first" };

secretStoreConformance("files", async () => {
  const { dir, key } = await temporaryPlace();
  return openFileSecrets({ dir, keyProvider: keyFile(key) });
});

test("only the owner can read folders and files, and no file holds a value", async () => {
  const { root, dir, key } = await temporaryPlace();
  await openFileSecrets({ dir, keyProvider: keyFile(key) }).put(scope, "sec_abcd", "canary-value");
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    expect((await stat(path)).mode & 0o777, path).toBe(entry.isDirectory() ? 0o700 : 0o600);
    if (entry.isFile()) expect(await readFile(path, "latin1")).not.toContain("canary");
  }
});

test("equal values look different on the disk", async () => {
  const { dir, key } = await temporaryPlace();
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  await store.put(scope, "sec_one1", "the same value");
  await store.put(scope, "sec_two2", "the same value");
  const [one, two] = await Promise.all(["sec_one1", "sec_two2"].map((id) => readFile(join(dir, scope.teamId, id))));
  expect(one?.subarray(20).equals(two?.subarray(20) ?? Buffer.alloc(0))).toBe(false);
});

test("processes that start at the same time agree on one key", async () => {
  const { dir, key } = await temporaryPlace();
  const stores = Array.from({ length: 8 }, () => openFileSecrets({ dir, keyProvider: keyFile(key) }));
  await Promise.all(stores.map((store, index) => store.put(scope, `sec_many${index}`, `value ${index}`)));
  const ids = stores.map((_store, index) => `sec_many${index}`);
  for (const store of stores) expect((await store.get(scope, ids)).size).toBe(stores.length);
});

test("any changed, missing or added byte is noticed", async () => {
  const { dir, key } = await temporaryPlace();
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  await store.put(scope, "sec_abcd", "some value");
  const path = join(dir, scope.teamId, "sec_abcd");
  const sealed = await readFile(path);
  const damage = fc.oneof(
    fc.record({ at: fc.nat(sealed.length - 1), bits: fc.integer({ min: 1, max: 255 }) }).map(({ at, bits }) => {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ bits;
      return changed;
    }),
    fc.nat(sealed.length - 1).map((length) => sealed.subarray(0, length)),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => Buffer.concat([sealed, more])),
  );
  await fc.assert(
    fc.asyncProperty(damage, async (bytes) => {
      await writeFile(path, bytes);
      // A changed key id reads as another key, everything else as damage.
      await expect(store.get(scope, ["sec_abcd"])).rejects.toMatchObject({
        code: expect.stringMatching(/^(data-damaged|locked)$/),
      });
    }),
  );
});

test("secrets with swapped names or teams do not open", async () => {
  const { dir, key } = await temporaryPlace();
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  await store.put(scope, "sec_one1", "one");
  await store.put(scope, "sec_two2", "two");
  await store.put({ teamId: "team_second" }, "sec_three", "three");
  await rename(join(dir, scope.teamId, "sec_one1"), join(dir, scope.teamId, "sec_two2"));
  await expect(store.get(scope, ["sec_two2"])).rejects.toMatchObject({ code: "data-damaged" });
  await rename(join(dir, "team_second", "sec_three"), join(dir, scope.teamId, "sec_three"));
  await expect(store.get(scope, ["sec_three"])).rejects.toMatchObject({ code: "data-damaged" });
});

test("with another key the store is locked, reads nothing and writes nothing", async () => {
  const { root, dir, key } = await temporaryPlace();
  await openFileSecrets({ dir, keyProvider: keyFile(key) }).put(scope, "sec_abcd", "value");
  const store = openFileSecrets({ dir, keyProvider: keyFile(join(root, "keys", "another")) });
  await expect(store.get(scope, ["sec_abcd"])).rejects.toMatchObject({ code: "locked" });
  await expect(store.put(scope, "sec_efgh", "value")).rejects.toMatchObject({ code: "locked" });
  expect(await store.status()).toBe("locked");
  expect(await readdir(join(dir, scope.teamId))).toEqual(["sec_abcd"]);
});

test("a lost key is not replaced by a new one, and works again once it is back", async () => {
  const { dir, key } = await temporaryPlace();
  await openFileSecrets({ dir, keyProvider: keyFile(key) }).put(scope, "sec_abcd", "value");
  await rename(key, `${key}.backup`);
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  await expect(store.get(scope, ["sec_abcd"])).rejects.toMatchObject({
    code: "locked",
    fix: expect.stringMatching(/backup/),
  });
  await expect(stat(key)).rejects.toThrow("ENOENT");
  await rename(`${key}.backup`, key);
  expect(await store.status()).toBe("ready");
  expect((await store.get(scope, ["sec_abcd"])).get("sec_abcd")).toBe("value");
});

test("a locked key provider locks the store until it is unlocked; deleting goes on", async () => {
  const { dir, key } = await temporaryPlace();
  await openFileSecrets({ dir, keyProvider: keyFile(key) }).put(scope, "sec_abcd", "value");
  let isLocked = true;
  const keyStore: KeyProvider = {
    name: "key store",
    load: async (options) => (isLocked ? "locked" : keyFile(key).load(options)),
  };
  const store = openFileSecrets({ dir, keyProvider: keyStore });
  expect(await store.status()).toBe("locked");
  await expect(store.get(scope, ["sec_abcd"])).rejects.toMatchObject({ code: "locked" });
  await store.delete(scope, ["sec_abcd"]);
  isLocked = false;
  expect(await store.status()).toBe("ready");
  expect(await store.get(scope, ["sec_abcd"])).toEqual(new Map());
});

test("rotation seals all again, and the old key opens nothing any more", async () => {
  const { root, dir, key } = await temporaryPlace();
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  const ids = Array.from({ length: 12 }, (_, index) => `sec_many${index}`);
  for (const id of ids) await store.put(scope, id, `value of ${id}`);
  const newKey = keyFile(join(root, "keys", "new"));
  expect(await store.rotate(newKey)).toEqual({ resealed: ids.length });
  for (const opened of [store, openFileSecrets({ dir, keyProvider: newKey })]) {
    expect(await opened.get(scope, ids)).toEqual(new Map(ids.map((id) => [id, `value of ${id}`])));
  }
  expect(await openFileSecrets({ dir, keyProvider: keyFile(key) }).status()).toBe("locked");
});

test("a rotation that was stopped in the middle is taken up again", async () => {
  const { root, dir, key } = await temporaryPlace();
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  const newKey = keyFile(join(root, "keys", "new"));
  await store.put(scope, "sec_aaaa", "first");
  await store.put(scope, "sec_bbbb", "second");
  const before = join(root, "before");
  await cp(dir, before, { recursive: true });
  await store.rotate(newKey);
  // As after a kill between two files: the first one is under the new key, the second and `key-id` are not.
  await rename(join(dir, scope.teamId, "sec_aaaa"), join(before, scope.teamId, "sec_aaaa"));
  const stopped = openFileSecrets({ dir: before, keyProvider: keyFile(key) });
  expect((await stopped.get(scope, ["sec_bbbb"])).get("sec_bbbb")).toBe("second");
  expect(await stopped.rotate(newKey)).toEqual({ resealed: 1 });
  expect((await stopped.get(scope, ["sec_aaaa", "sec_bbbb"])).size).toBe(2);
});

test("rotations that are killed anywhere lose no secret", { timeout: 60_000 }, async () => {
  const { root, dir, key } = await temporaryPlace();
  const [first, second] = [keyFile(key), keyFile(join(root, "keys", "second"))];
  const values = new Map(Array.from({ length: 100 }, (_, index) => [`sec_many${index}`, `value ${index}`]));
  const store = openFileSecrets({ dir, keyProvider: first });
  for (const [id, value] of values) await store.put(scope, id, value);
  for (let kill = 0; kill < 5; kill += 1) {
    const before = await sealedFiles(dir);
    const child = rotatingProcess(dir, [key, join(root, "keys", "second")]);
    await expect.poll(() => sealedFiles(dir), { timeout: 20_000, interval: 5 }).not.toEqual(before);
    child.kill("SIGKILL");
    await once(child, "exit");
    const isFirst = (await openFileSecrets({ dir, keyProvider: first }).status()) === "ready";
    const [current, next] = isFirst ? [first, second] : [second, first];
    const taken = openFileSecrets({ dir, keyProvider: current });
    await taken.rotate(next);
    expect(await taken.get(scope, [...values.keys()])).toEqual(values);
    await openFileSecrets({ dir, keyProvider: next }).rotate(first);
  }
});

test("temp files of killed writers are swept once they are old", async () => {
  const { dir, key } = await temporaryPlace();
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  await store.put(scope, "sec_abcd", "value");
  const temp = join(dir, scope.teamId, "sec_efgh.0.tmp");
  await writeFile(temp, "");
  await store.sweep();
  expect(await readFile(temp, "utf8")).toBe("");
  await utimes(temp, 1, 1);
  await store.sweep();
  expect(await readdir(join(dir, scope.teamId))).toEqual(["sec_abcd"]);
});

test.each([
  { what: "a key file that others can read", spoil: (key: string) => chmod(key, 0o640), fix: /chmod 600/ },
  { what: "a folder that others can write", spoil: (key: string) => chmod(join(key, ".."), 0o770), fix: /chmod 700/ },
  { what: "a key that was cut", spoil: (key: string) => truncate(key, 30), fix: /backup/ },
  { what: "a text that is no key", spoil: (key: string) => writeFile(key, "hello"), fix: /backup/ },
])("refuses $what and says how to fix it", async ({ spoil, fix }) => {
  const { dir, key } = await temporaryPlace();
  await openFileSecrets({ dir, keyProvider: keyFile(key) }).put(scope, "sec_abcd", "value");
  await spoil(key);
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  await expect(store.get(scope, ["sec_abcd"])).rejects.toMatchObject({
    code: "locked",
    fix: expect.stringMatching(fix),
  });
  expect(await store.status()).toBe("locked");
});

test("a damaged secret does not keep the others from being read once it is deleted", async () => {
  const { dir, key } = await temporaryPlace();
  const store = openFileSecrets({ dir, keyProvider: keyFile(key) });
  await store.put(scope, "sec_abcd", "value");
  await store.put(scope, "sec_efgh", "value");
  await writeFile(join(dir, scope.teamId, "sec_abcd"), "");
  await expect(store.put(scope, "sec_abcd", "value")).rejects.toMatchObject({ code: "data-damaged" });
  await unlink(join(dir, scope.teamId, "sec_abcd"));
  expect((await store.get(scope, ["sec_abcd", "sec_efgh"])).size).toBe(1);
});

/** A process that rotates to and fro between two keys until it is killed, or this process is gone. */
function rotatingProcess(dir: string, keys: readonly string[]): ChildProcess {
  const script = `
    import { keyFile, openFileSecrets } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    process.stdin.resume().on("end", () => process.exit());
    const [dir, first, second] = process.argv.slice(1);
    const store = openFileSecrets({ dir, keyProvider: keyFile(first) });
    for (;;) for (const key of [second, first]) await store.rotate(keyFile(key));
  `;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script, dir, ...keys], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function sealedFiles(dir: string): Promise<Buffer> {
  const folder = join(dir, scope.teamId);
  const names = (await readdir(folder)).filter((name) => !name.endsWith(".tmp")).sort();
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}

async function temporaryPlace(): Promise<{ root: string; dir: string; key: string }> {
  const root = await mkdtemp(join(tmpdir(), "secrets-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return { root, dir: join(root, "secrets"), key: join(root, "keys", "key") };
}
