import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openFileBlobs, type BlobStore } from "@cloudsmith/blobs";
import { newId, type ArtifactManifest, type PlanSettings } from "@cloudsmith/contracts";
import type { LogLine } from "@cloudsmith/logs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planSource } from "../plan/plan-source.ts";
import { isRunning } from "../process/process-table.ts";
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

interface BuildExtras {
  readonly dir?: string;
  readonly flags?: PlanSettings;
  readonly signal?: AbortSignal;
  readonly env?: Record<string, string>;
  readonly secrets?: readonly string[];
  readonly onLine?: (text: string) => void;
}

const buildFixture = (name: string, extras: BuildExtras = {}): Promise<Built> =>
  buildFolder(join(fixtures, name), extras);

interface Built {
  readonly result: BuildResult;
  readonly log: string[];
}

async function buildFolder(path: string, extras: BuildExtras = {}): Promise<Built> {
  const log: string[] = [];
  const write = (line: LogLine): void => {
    log.push(line.text);
    extras.onLine?.(line.text);
  };
  const workDir = join(folder, "work");
  const taken = await takeSource({ type: "folder", path, dir: "" }, { teamId, blobs, workDir, signal, log: write });
  log.length = 0;
  const root = mkdtempSync(join(folder, "source-"));
  await unpackSource(taken.digest, { teamId, blobs, to: root, signal });
  const planned = await planSource({ root, dir: extras.dir ?? "", flags: extras.flags ?? {} });
  if (!planned.ok) throw new Error(planned.failure.message);
  const result = await runBuild({
    teamId,
    source: taken.digest,
    plan: planned.plan,
    env: extras.env ?? {},
    secrets: extras.secrets ?? [],
    blobs,
    workDir,
    cacheDir: join(folder, "cache"),
    limits: { seconds: 240, memoryMb: 4096, diskMb: 8192, outputBytes: 1e7 },
    signal: extras.signal ?? signal,
    log: write,
  });
  return { result, log };
}

function newApp(files: Record<string, string | object>): string {
  const root = mkdtempSync(join(folder, "app-source-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
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

test(
  "unchanged dependencies come from the cache; one that was written in place is installed anew",
  { timeout: 120_000 },
  async () => {
    const first = await buildFixture("node-http");
    expect(first.log.join()).toContain("taken from the cache");
    const entries = join(folder, "cache", "dependencies");
    const cached = readdirSync(entries).map((name) => join(entries, name, "0", "is-number", "index.js"));
    for (const file of cached) writeFileSync(file, "module.exports = () => 'poisoned'");
    const second = await buildFixture("node-http");
    expect(second.log.join()).toContain("npm ci");
    expect(second.result).toEqual(first.result);
  },
);

test(
  "install scripts of the app itself run also where its dependencies come from the cache",
  { timeout: 120_000 },
  async () => {
    const files = {
      "package.json": {
        name: "hooks",
        scripts: { postinstall: "node -e \"require('fs').writeFileSync('made.txt','made')\"", start: "node server.js" },
        dependencies: { "is-number": "7.0.0" },
      },
      "package-lock.json": readFileSync(join(fixtures, "node-http", "package-lock.json"), "utf8").replaceAll(
        "node-http",
        "hooks",
      ),
      "server.js": "",
    };
    for (const command of ["npm ci", "npm run postinstall"]) {
      const { result, log } = await buildFolder(newApp(files));
      if (!result.ok) throw new Error(log.join("\n"));
      expect(log.join()).toContain(command);
      expect(readFileSync(join(await unpackBuilt(result.manifest), "made.txt"), "utf8")).toBe("made");
    }
  },
);

test(
  "a member of a workspace is built with the packages that it needs, and answers",
  { timeout: 120_000 },
  async () => {
    const source = newApp({
      "package.json": { private: true, workspaces: ["apps/*", "packages/*"] },
      "apps/api/package.json": { name: "api", scripts: { start: "node server.js" }, dependencies: { "@x/text": "*" } },
      "apps/api/server.js":
        "const t = require('@x/text'); require('http').createServer((q, r) => r.end(t)).listen(process.env.PORT)",
      "packages/text/package.json": {
        name: "@x/text",
        main: "dist.js",
        scripts: { build: "echo \"module.exports = 'from the workspace'\" > dist.js" },
      },
    });
    const { result, log } = await buildFolder(source, { dir: "apps/api" });
    if (!result.ok) throw new Error(log.join("\n"));
    expect(await requestApp(result.manifest, "/")).toBe("from the workspace");
  },
);

test("a build that fails gives a cause and the line of the log that shows it, with secrets masked", async () => {
  const { result, log } = await buildFolder(
    newApp({
      "package.json": {
        scripts: {
          build: "echo one; echo Missing required environment variable: API_URL at $TOKEN; exit 1",
          start: "node a.js",
        },
      },
    }),
    {
      env: { TOKEN: "canary-3141" },
      secrets: ["canary-3141"],
    },
  );
  if (result.ok) throw new Error("it was built");
  expect(result.failure.code).toBe("variable-missing-at-build");
  expect(log[result.failure.logLine ?? -1]).toContain("API_URL");
  expect(JSON.stringify(result.failure)).not.toContain("canary");
});

test("a build sees a clean environment with homes of its own", async () => {
  process.env["CLOUDSMITH_TEST_CANARY"] = "leak";
  const { log } = await buildFolder(newApp({ "package.json": { scripts: { build: "env", start: "node a.js" } } }), {
    env: { FOO: "bar" },
  });
  delete process.env["CLOUDSMITH_TEST_CANARY"];
  const text = log.join("\n");
  expect(text).not.toContain("leak");
  expect(text).toMatch(/^FOO=bar$/m);
  expect(text).toMatch(/^CI=true$/m);
  for (const name of ["HOME", "TMPDIR", "XDG_CACHE_HOME"])
    expect(text).toMatch(new RegExp(`^${name}=${join(folder, "work", "build-")}`, "m"));
});

test("cancel ends a build, its processes and its folder", async () => {
  const canceled = new AbortController();
  const app = newApp({
    "package.json": { scripts: { build: "echo pid $$; setsid sleep 300 & sleep 300", start: "node a.js" } },
  });
  let pid = 0;
  const onLine = (text: string): void => {
    pid = Number(/^pid (\d+)/.exec(text)?.[1] ?? pid);
    if (pid !== 0) canceled.abort();
  };
  await expect(buildFolder(app, { signal: canceled.signal, onLine })).rejects.toMatchObject({ code: "aborted" });
  expect(isRunning(pid)).toBe(false);
});

test("a static build that writes nothing, or elsewhere, says so", async () => {
  const app = (script: string): string =>
    newApp({ "package.json": { scripts: { build: script } }, "vite.config.js": "", "index.html": "" });
  const code = async (script: string, output: string): Promise<unknown> => {
    const { result } = await buildFolder(app(script), { flags: { output, start: undefined, build: script } });
    return result.ok ? "built" : [result.failure.code, result.failure.suggestion];
  };
  expect(await code("true", "dist")).toEqual(["build-output-missing", undefined]);
  expect(await code("mkdir dist", "dist")).toEqual(["build-output-empty", undefined]);
  expect(await code("mkdir build && cp index.html build", "dist")).toEqual([
    "build-output-missing",
    { output: "build" },
  ]);
});

test("text files of a static site have compressed siblings", async () => {
  const { result } = await buildFolder(
    newApp({ "index.html": "<p>hello</p>".repeat(500), "small.html": "x", "photo.jpg": "x".repeat(5000) }),
  );
  if (!result.ok) throw new Error(result.failure.message);
  expect(readdirSync(await unpackBuilt(result.manifest)).toSorted()).toEqual([
    "index.html",
    "index.html.br",
    "index.html.gz",
    "photo.jpg",
    "small.html",
  ]);
});

test("nothing is left in the work folder", () => {
  expect(readdirSync(join(folder, "work")).filter((name) => name !== "snapshots")).toEqual([]);
});
