import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RealApps, type Built } from "../../test/real-apps.ts";
import { isRunning } from "../process/process-table.ts";
import { openArtifact } from "../runtime/open-artifact.ts";
import { runtimeFor } from "../runtime/runtime-for.ts";

const fixtures = join(import.meta.dirname, "..", "..", "fixtures", "apps");
let apps: RealApps;

beforeAll(() => {
  apps = new RealApps({ sharedDownloads: false });
});
afterAll(() => apps[Symbol.dispose]());

const buildFixture = (name: string): Promise<Built> => apps.build(join(fixtures, name));

test("a plain site becomes an artifact of its files", async () => {
  const { result } = await buildFixture("plain-site");
  if (!result.ok) throw new Error(result.failure.message);
  const app = await apps.unpack(result.manifest);
  expect(readdirSync(app)).toContain("index.html");
  expect(await runtimeFor(result.manifest, { cacheDir: apps.cacheDir, appRoot: app, signal: apps.signal })).toEqual({
    static: { dir: app, spa: false, immutable: [] },
  });
});

test(
  "a Node server is installed, packed without its development dependencies, and answers",
  { timeout: 120_000 },
  async () => {
    const { result, log } = await buildFixture("node-http");
    if (!result.ok) throw new Error(`${result.failure.message}\n${log.join("\n")}`);
    const app = await apps.unpack(result.manifest);
    expect(existsSync(join(app, "node_modules", "is-number"))).toBe(true);
    expect(existsSync(join(app, "node_modules", "is-odd"))).toBe(false);
    expect(await apps.request(result.manifest, "/x")).toMatchObject({ status: 200, body: "hello true /x\n" });
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
    const entries = join(apps.cacheDir, "dependencies");
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
      const { result, log } = await apps.build(apps.newApp(files));
      if (!result.ok) throw new Error(log.join("\n"));
      expect(log.join()).toContain(command);
      expect(readFileSync(join(await apps.unpack(result.manifest), "made.txt"), "utf8")).toBe("made");
    }
  },
);

test(
  "a member of a workspace is built with the packages that it needs, and answers",
  { timeout: 120_000 },
  async () => {
    const source = apps.newApp({
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
    const { result, log } = await apps.build(source, { dir: "apps/api" });
    if (!result.ok) throw new Error(log.join("\n"));
    expect(await apps.request(result.manifest)).toMatchObject({ body: "from the workspace" });
  },
);

test("what a framework keeps between builds is there for the next one, also when its source changed", async () => {
  const site = (text: string): string =>
    apps.newApp({
      "package.json": { scripts: { build: "node build.js" }, dependencies: { gatsby: "file:./gatsby" } },
      "gatsby/package.json": { name: "gatsby", version: "5.0.0" },
      "build.js": `const fs = require("node:fs");
const before = fs.existsSync(".cache/seen") ? fs.readFileSync(".cache/seen", "utf8") : "nothing";
fs.mkdirSync(".cache", { recursive: true });
fs.writeFileSync(".cache/seen", "${text}");
fs.mkdirSync("public", { recursive: true });
fs.writeFileSync("public/index.html", "${text} after " + before);`,
    });
  const [one, two] = [await apps.built(site("one")), await apps.built(site("two"))];
  expect(await apps.page(two)).toMatchObject({ body: "two after one" });
  // It wrote over the file in the folder that was kept, and not over that of the build before, whose tree a release may own.
  const release = join(apps.folder, "release-of-one");
  const { teamId, blobs, cacheDir, signal } = apps;
  await openArtifact({ teamId, digest: one.digest, blobs, cacheDir, to: release, signal });
  expect(readFileSync(join(release, "index.html"), "utf8")).toBe("one after nothing");
});

test("a build that fails gives a cause and the line of the log that shows it, with secrets masked", async () => {
  const { result, log } = await apps.build(
    apps.newApp({
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
  const { log } = await apps.build(apps.newApp({ "package.json": { scripts: { build: "env", start: "node a.js" } } }), {
    env: { FOO: "bar" },
  });
  delete process.env["CLOUDSMITH_TEST_CANARY"];
  const text = log.join("\n");
  expect(text).not.toContain("leak");
  expect(text).toMatch(/^FOO=bar$/m);
  expect(text).toMatch(/^CI=true$/m);
  for (const name of ["HOME", "TMPDIR", "XDG_CACHE_HOME"])
    expect(text).toMatch(new RegExp(`^${name}=${join(apps.workDir, "build-")}`, "m"));
});

test("cancel ends a build, its processes and its folder", async () => {
  const canceled = new AbortController();
  const app = apps.newApp({
    "package.json": { scripts: { build: "echo pid $$; setsid sleep 300 & sleep 300", start: "node a.js" } },
  });
  let pid = 0;
  const onLine = (text: string): void => {
    pid = Number(/^pid (\d+)/.exec(text)?.[1] ?? pid);
    if (pid !== 0) canceled.abort();
  };
  await expect(apps.build(app, { signal: canceled.signal, onLine })).rejects.toMatchObject({ code: "aborted" });
  expect(isRunning(pid)).toBe(false);
});

test("a static build that writes nothing, or elsewhere, says so", async () => {
  const app = (script: string): string =>
    apps.newApp({ "package.json": { scripts: { build: script } }, "vite.config.js": "", "index.html": "" });
  const code = async (script: string, output: string): Promise<unknown> => {
    const { result } = await apps.build(app(script), { flags: { output, start: undefined, build: script } });
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
  const { result } = await apps.build(
    apps.newApp({ "index.html": "<p>hello</p>".repeat(500), "small.html": "x", "photo.jpg": "x".repeat(5000) }),
  );
  if (!result.ok) throw new Error(result.failure.message);
  expect(readdirSync(await apps.unpack(result.manifest)).toSorted()).toEqual([
    "index.html",
    "index.html.br",
    "index.html.gz",
    "photo.jpg",
    "small.html",
  ]);
});

test("nothing is left in the work folder", () => {
  expect(readdirSync(apps.workDir).filter((name) => name !== "snapshots")).toEqual([]);
});
