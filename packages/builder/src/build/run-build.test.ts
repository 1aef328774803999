import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileBlobs, type BlobStore } from "@cloudsmith/blobs";
import { newId, type ArtifactManifest, type PlanSettings } from "@cloudsmith/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planSource } from "../plan/plan-source.ts";
import { openArtifact } from "../runtime/open-artifact.ts";
import { runtimeFor } from "../runtime/runtime-for.ts";
import { takeSource, unpackSource } from "../source/take-source.ts";
import { runBuild, type BuildResult } from "./run-build.ts";

const fixtures = join(import.meta.dirname, "..", "..", "fixtures");
const teamId = newId("team");
const signal = AbortSignal.timeout(300_000);
let folder: string;
let blobs: BlobStore;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "builder-test-"));
  blobs = openFileBlobs({ dir: join(folder, "blobs") });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function buildFixture(name: string, flags: PlanSettings = {}): Promise<{ result: BuildResult; log: string[] }> {
  const log: string[] = [];
  const workDir = join(folder, "work");
  const taken = await takeSource(
    { type: "folder", path: join(fixtures, name), dir: "" },
    { teamId, blobs, workDir, signal, log: (line) => log.push(line.text) },
  );
  const root = mkdtempSync(join(folder, "source-"));
  await unpackSource(taken.digest, { teamId, blobs, to: root, signal });
  const planned = await planSource({ root, dir: "", flags });
  if (!planned.ok) throw new Error(planned.failure.message);
  const result = await runBuild({
    teamId,
    source: taken.digest,
    plan: planned.plan,
    env: {},
    secrets: [],
    blobs,
    workDir,
    cacheDir: join(folder, "cache"),
    limits: { seconds: 240, memoryMb: 4096, diskMb: 8192, outputBytes: 1e7 },
    signal,
    log: (line) => log.push(line.text),
  });
  return { result, log };
}

async function unpackBuilt(manifest: ArtifactManifest): Promise<string> {
  const to = join(mkdtempSync(join(folder, "app-")), "app");
  await openArtifact({ teamId, digest: manifest.digest, blobs, to, signal });
  return to;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function requestApp(manifest: ArtifactManifest, path: string): Promise<string> {
  const appRoot = await unpackBuilt(manifest);
  const runtime = await runtimeFor(manifest, { cacheDir: join(folder, "cache"), appRoot, signal });
  if ("static" in runtime) throw new Error("expected a process");
  const port = await freePort();
  const [program = "", ...args] = runtime.argv;
  const child = spawn(program, args, {
    cwd: runtime.cwd,
    env: { ...runtime.env, PORT: String(port) },
    stdio: "inherit",
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      if (child.exitCode !== null) throw new Error(`the app ended with ${child.exitCode}`);
      const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      if (response !== undefined) return await response.text();
      await new Promise((done) => setTimeout(done, 25));
    }
  } finally {
    child.kill("SIGKILL");
  }
}

test("a plain site becomes an artifact of its files", async () => {
  const { result } = await buildFixture("plain-site");
  if (!result.ok) throw new Error(result.failure.message);
  const app = await unpackBuilt(result.manifest);
  expect(readdirSync(app)).toContain("index.html");
  expect(await runtimeFor(result.manifest, { cacheDir: folder, appRoot: app, signal })).toEqual({
    static: { dir: app, spa: false, immutable: [] },
  });
});

test(
  "a Node server is installed, packed without its development dependencies, and answers",
  { timeout: 120_000 },
  async () => {
    const { result, log } = await buildFixture("node-http");
    if (!result.ok) throw new Error(`${result.failure.message}\n${log.join("\n")}`);
    const app = await unpackBuilt(result.manifest);
    expect(existsSync(join(app, "node_modules", "is-number"))).toBe(true);
    expect(existsSync(join(app, "node_modules", "is-odd"))).toBe(false);
    expect(await requestApp(result.manifest, "/x")).toBe("hello true /x\n");
  },
);

test("the same source and plan give the same artifact", { timeout: 120_000 }, async () => {
  const digests = [await buildFixture("node-http"), await buildFixture("node-http")].map(({ result }) =>
    result.ok ? result.manifest.digest : result.failure.message,
  );
  expect(digests[0]).toMatch(/^sha256:/);
  expect(digests[1]).toBe(digests[0]);
});

test("nothing is left in the work folder", () => {
  expect(readdirSync(join(folder, "work")).filter((name) => name !== "snapshots")).toEqual([]);
});
