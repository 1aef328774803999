import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { CloudSmithError } from "@cloudsmith/contracts";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packEntries } from "./pack.ts";
import { blockSize, paddingLength, paxBlocks, writeTarHeader, type TarEntry } from "./tar-entry.ts";
import { unpackArchive } from "./unpack.ts";
import { walkTree } from "./walk.ts";

const signal = AbortSignal.timeout(60_000);
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "archive-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const pack = (root: string): Promise<Buffer> => buffer(packEntries(walkTree(root), { level: 3, signal }));
const newFolder = (): string => mkdtempSync(join(home, "f-"));

async function unpack(archive: Buffer): Promise<string> {
  const to = join(newFolder(), "out");
  await unpackArchive(Readable.from([archive]), to, signal);
  return to;
}

function headerOf(entry: TarEntry): Buffer[] {
  const block = Buffer.alloc(blockSize);
  writeTarHeader(entry, block, 0);
  return [paxBlocks(entry), block];
}

/** An archive as an attacker would write it: entries unchecked. */
function hostile(...entries: readonly (TarEntry & { content?: string })[]): Buffer {
  const parts = entries.flatMap((entry) =>
    entry.type === "file"
      ? [...headerOf(entry), Buffer.from(entry.content ?? ""), Buffer.alloc(paddingLength(entry.size))]
      : headerOf(entry),
  );
  return zstdCompressSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

const file = (path: string, content = "x"): TarEntry & { content: string } => ({
  type: "file",
  path,
  size: content.length,
  executable: false,
  content,
});

test("a tree comes back as it was: contents, modes, links, empty folders, long and foreign names", async () => {
  const root = newFolder();
  const long = join("a".repeat(90), "b".repeat(120), "ünïcode \u{1f600}.txt");
  mkdirSync(join(root, long, ".."), { recursive: true });
  mkdirSync(join(root, "empty"));
  writeFileSync(join(root, long), "long");
  writeFileSync(join(root, "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(root, "large.bin"), Buffer.alloc(3_000_001, 7));
  symlinkSync(long, join(root, "link"));
  const out = await unpack(await pack(root));
  expect(readFileSync(join(out, long), "utf8")).toBe("long");
  expect(statSync(join(out, "run.sh")).mode & 0o777).toBe(0o755);
  expect(statSync(join(out, "large.bin")).size).toBe(3_000_001);
  expect(readlinkSync(join(out, "link"))).toBe(long);
  expect(statSync(join(out, "empty")).isDirectory()).toBe(true);
});

test("times and owners do not count: the same tree gives the same bytes", async () => {
  const [one, two] = [newFolder(), newFolder()];
  for (const root of [one, two]) writeFileSync(join(root, "a.txt"), "same");
  utimesSync(join(two, "a.txt"), 1, 1);
  expect((await pack(one)).equals(await pack(two))).toBe(true);
});

test("other tar programs read what is written", async () => {
  const root = newFolder();
  writeFileSync(join(root, "é.txt"), "x");
  const listed = spawnSync("tar", ["-tf", "-"], {
    input: zstdDecompressSync(await pack(root)),
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8", TAR_OPTIONS: "--quoting-style=literal" },
  });
  expect(listed.stdout).toBe("é.txt\n");
});

test("files around the edges of what is read at once come back, one after another", async () => {
  const root = newFolder();
  const kib = 1024;
  const sizes = [0, 1, 511, 512, 513, 256 * kib, 256 * kib + 1, 512 * kib - 1024, 512 * kib, 512 * kib + 1, 1536 * kib];
  const content = (size: number): Buffer => Buffer.alloc(size, `${size} bytes of a file. `);
  for (const [round, size] of [...sizes, ...sizes.toReversed()].entries())
    writeFileSync(join(root, `${String(round).padStart(2, "0")}-${size}`), content(size));
  const out = await unpack(await pack(root));
  for (const name of readdirSync(root))
    expect(readFileSync(join(out, name)).equals(content(Number(name.slice(3)))), name).toBe(true);
  expect(readdirSync(out)).toHaveLength(sizes.length * 2);
});

test("a file that became shorter after it was listed leaves a whole archive, a large one fails it; one that is gone fails it too", async () => {
  const root = newFolder();
  for (const name of ["a", "b"]) writeFileSync(join(root, name), "as it was listed");
  writeFileSync(join(root, "large"), Buffer.alloc(400_000));
  const entries = [...walkTree(root)];
  const packed = (): Promise<Buffer> => buffer(packEntries(entries, { level: 1, signal }));
  writeFileSync(join(root, "a"), "less");
  const out = await unpack(await packed());
  expect([readFileSync(join(out, "a"), "utf8"), readFileSync(join(out, "b"), "utf8")]).toEqual([
    "less",
    "as it was listed",
  ]);
  writeFileSync(join(root, "large"), "less");
  await expect(packed()).rejects.toMatchObject({ code: "conflict" });
  rmSync(join(root, "a"));
  await expect(packed()).rejects.toMatchObject({ code: "ENOENT" });
});

test("packing ends when it is canceled, and when its reader goes away", async () => {
  const root = newFolder();
  for (const name of ["a", "b", "c"]) writeFileSync(join(root, name), randomBytes(2_000_000));
  await expect(buffer(packEntries(walkTree(root), { level: 1, signal: AbortSignal.abort() }))).rejects.toThrow();
  const left = packEntries(walkTree(root), { level: 1, signal });
  for await (const _ of left) break;
  expect(left.destroyed).toBe(true);
});

test.each([
  ["an absolute path", [file("/tmp/cloudsmith-escape")]],
  ["a path that climbs", [file("../escape")]],
  ["a path that climbs in the middle", [file("a/../../escape")]],
  ["an absolute link", [{ type: "symlink", path: "l", target: "/etc" } as const]],
  ["a link that climbs", [{ type: "symlink", path: "a/l", target: "../../x" } as const]],
  [
    "links that climb together",
    [
      { type: "symlink", path: "a/b/c/up", target: "../.." } as const,
      { type: "directory", path: "a/b/c" } as const,
      { type: "symlink", path: "out", target: "a/b/c/up/../.." } as const,
    ],
  ],
  ["a file over a link", [{ type: "symlink", path: "d", target: "e" } as const, file("d/x")]],
  ["the same file twice", [file("a"), file("a")]],
])("%s is refused and nothing is written outside", async (_name, entries) => {
  const outer = newFolder();
  const to = join(outer, "deep", "out");
  await expect(unpackArchive(Readable.from([hostile(...entries)]), to, signal)).rejects.toThrow();
  expect(existsSync(join(outer, "escape"))).toBe(false);
  expect(existsSync("/tmp/cloudsmith-escape")).toBe(false);
});

test("an archive that ends too early or is damaged is refused", async () => {
  const archive = hostile(file("a", "y".repeat(2000)));
  await expect(unpack(archive.subarray(0, -10))).rejects.toThrow();
  const plain = zstdDecompressSync(archive);
  plain.writeUInt8(1, 0);
  await expect(unpack(zstdCompressSync(plain))).rejects.toBeInstanceOf(CloudSmithError);
  await expect(unpack(zstdCompressSync(zstdDecompressSync(archive).subarray(0, 1024)))).rejects.toBeInstanceOf(
    CloudSmithError,
  );
});

test("any names and contents survive", async () => {
  const name = fc
    .string({ minLength: 1, maxLength: 60, unit: "grapheme" })
    .filter(
      (text) =>
        !/[/\0\\]/.test(text) &&
        text !== "." &&
        text !== ".." &&
        Buffer.byteLength(text) < 200 &&
        !/^[A-Za-z]:/.test(text),
    );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, fc.uint8Array({ maxLength: 3000 }), { maxKeys: 8 }), async (files) => {
      const root = newFolder();
      for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), content);
      const out = await unpack(await pack(root));
      for (const [path, content] of Object.entries(files))
        expect(readFileSync(join(out, path)).equals(Buffer.from(content))).toBe(true);
    }),
    { numRuns: 60 },
  );
});
