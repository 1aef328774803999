import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { blobStoreConformance } from "./conformance.ts";
import { openFileBlobs } from "./index.ts";

const scope = { teamId: "team_first", kind: "source" } as const;

blobStoreConformance("files", async () => openFileBlobs({ dir: await temporaryFolder() }));

test("only the owner can read folders and files", async () => {
  const dir = join(await temporaryFolder(), "blobs");
  await openFileBlobs({ dir }).put(scope, Readable.from([Buffer.from("private")]));
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect(mode & 0o777).toBe(entry.isDirectory() ? 0o700 : 0o600);
  }
});

test("a changed file fails at the end of the stream, and putting the content again heals it", async () => {
  const dir = await temporaryFolder();
  const store = openFileBlobs({ dir });
  const { digest } = await store.put(scope, Readable.from([Buffer.from("as it was")]));
  const hex = digest.slice("sha256:".length);
  const path = join(dir, scope.teamId, scope.kind, hex.slice(0, 2), hex);
  await writeFile(path, "as it is!");
  await expect(buffer(await store.open(scope, digest))).rejects.toMatchObject({ code: "data-damaged" });
  await store.put(scope, Readable.from([Buffer.from("as it was")]));
  expect(String(await buffer(await store.open(scope, digest)))).toBe("as it was");
});

test("a reader that stops early is no error and leaves no open file", async () => {
  const store = openFileBlobs({ dir: await temporaryFolder() });
  const { digest } = await store.put(scope, Readable.from([Buffer.alloc(5_000_000)]));
  const stream = await store.open(scope, digest);
  for await (const chunk of stream) if (chunk) break;
  expect(stream.destroyed).toBe(true);
});

test("a full disk is disk-full and leaves no temp file", async () => {
  const dir = await temporaryFolder();
  const full = (async function* () {
    yield Buffer.from("some bytes");
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  })();
  await expect(openFileBlobs({ dir }).put(scope, full)).rejects.toMatchObject({ code: "disk-full" });
  expect(await readdir(join(dir, "tmp"))).toEqual([]);
});

test("a writer that is killed leaves nothing visible, and its temp file is swept", async () => {
  const dir = await temporaryFolder();
  const store = openFileBlobs({ dir });
  const script = `
    import { openFileBlobs } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    process.stdin.resume().on("end", () => process.exit());
    const content = async function* () { for (;;) { yield Buffer.alloc(65536); await new Promise(setImmediate); } };
    await openFileBlobs({ dir: process.argv[1] }).put(${JSON.stringify(scope)}, content());
  `;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script, dir], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await expect.poll(() => firstIn(join(dir, "tmp")), { timeout: 20_000 }).toBeDefined();
  await store.sweep();
  expect(await firstIn(join(dir, "tmp")), "a living writer's file stays").toBeDefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  expect((await store.list(scope)).items).toEqual([]);
  await store.sweep();
  expect(await readdir(join(dir, "tmp"))).toEqual([]);
});

test("sweep leaves what this process is writing, and removes what is a day old", async () => {
  const dir = await temporaryFolder();
  const store = openFileBlobs({ dir });
  const { promise: swept, resolve: onSwept } = Promise.withResolvers<void>();
  const putting = store.put(
    scope,
    (async function* () {
      yield Buffer.from("first ");
      await swept;
      yield Buffer.from("second");
    })(),
  );
  await expect.poll(() => firstIn(join(dir, "tmp")), { timeout: 20_000 }).toBeDefined();
  const old = join(dir, "tmp", `${process.ppid}-old`);
  await writeFile(old, "");
  await store.sweep();
  expect(await readFile(old, "utf8")).toBe("");
  await utimes(old, 1, 1);
  await store.sweep();
  await expect(readFile(old)).rejects.toThrow("ENOENT");
  onSwept();
  expect((await putting).size).toBe(12);
});

async function firstIn(dir: string): Promise<string | undefined> {
  return (await readdir(dir).catch(() => []))[0];
}

async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "blobs-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
