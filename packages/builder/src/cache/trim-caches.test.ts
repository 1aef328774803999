import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useCaches } from "./cache-use.ts";
import { trimCaches } from "./trim-caches.ts";

let cacheDir: string;
beforeAll(() => {
  cacheDir = mkdtempSync(join(tmpdir(), "trim-"));
});
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

function entry(kind: string, name: string, bytes: number, minutesAgo: number): string {
  const folder = join(cacheDir, kind, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "file"), Buffer.alloc(bytes));
  const at = new Date(Date.now() - minutesAgo * 60_000);
  utimesSync(folder, at, at);
  return folder;
}

test("the cache shrinks to its bound: what was used longest ago goes, what is in use stays", async () => {
  entry("dependencies", "oldest", 1000, 600);
  entry("dependencies", "old", 1000, 500);
  entry("frameworks", "newer", 1000, 400);
  entry("downloads", "just-used", 5000, 1);
  const running = entry("toolchains", "sleep-1.0.0", 0, 9999);
  copyFileSync("/bin/sleep", join(running, "sleep"));
  utimesSync(running, new Date(0), new Date(0));
  const child = spawn(join(running, "sleep"), ["60"], { stdio: "ignore" });
  await once(child, "spawn");
  await trimCaches(cacheDir, 6500 + 60_000);
  expect(
    readdirSync(cacheDir, { recursive: true }).filter((path) => String(path).endsWith("file")).length,
  ).toBeGreaterThan(0);
  await trimCaches(cacheDir, 6500);
  child.kill("SIGKILL");
  expect(readdirSync(join(cacheDir, "dependencies"))).toEqual([]);
  expect(readdirSync(join(cacheDir, "downloads"))).toEqual(["just-used"]);
  expect(readdirSync(join(cacheDir, "toolchains"))).toEqual(["sleep-1.0.0"]);
});

test("what a running build may read from stays until it has ended, and what something needs though it does not run", async () => {
  rmSync(cacheDir, { recursive: true });
  entry("downloads", "npm", 1000, 600);
  entry("toolchains", "node-24", 1000, 600);
  entry("frameworks", "next", 1000, 600);
  const needed = [join(cacheDir, "toolchains", "node-24", "bin", "node")];
  {
    using _build = useCaches();
    expect(await trimCaches(cacheDir, 0, needed)).toBe(1000);
    expect(readdirSync(join(cacheDir, "downloads"))).toEqual(["npm"]);
  }
  expect(await trimCaches(cacheDir, 0, needed)).toBe(1000);
  expect(readdirSync(join(cacheDir, "downloads"))).toEqual([]);
  expect(readdirSync(join(cacheDir, "toolchains"))).toEqual(["node-24"]);
});

test("what a killed process had put out of reach goes the next time", async () => {
  const left = join(cacheDir, ".trash-of-a-killed-one");
  mkdirSync(left, { recursive: true });
  await trimCaches(cacheDir, 1e9);
  expect(existsSync(left)).toBe(false);
});
