import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openFileBlobs } from "@cloudsmith/blobs";
import { newId } from "@cloudsmith/contracts";
import { afterAll, expect, test } from "vitest";
import { planSource } from "../plan/plan-source.ts";
import { takeSource, unpackSource } from "../source/take-source.ts";
import { runBuild } from "./run-build.ts";

const folder = mkdtempSync(join(tmpdir(), "python-source-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const app = {
  "requirements.txt": "./greeting\n",
  "app.py":
    "import greeting\nfrom http.server import HTTPServer, SimpleHTTPRequestHandler\nHTTPServer(('', 8000), SimpleHTTPRequestHandler).serve_forever()\n",
  "greeting/setup.py": "from setuptools import setup\nsetup(name='greeting', version='1.0', py_modules=['greeting'])\n",
  "greeting/greeting.py": "text = 'hello'\n",
};

test("a package of Python that comes as source is built and installed", { timeout: 240_000 }, async () => {
  const path = join(folder, "app");
  for (const [name, text] of Object.entries(app)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  const signal = AbortSignal.timeout(230_000);
  const at = { teamId: newId("team"), blobs: openFileBlobs({ dir: join(folder, "blobs") }), signal };
  const log: string[] = [];
  const write = (line: { readonly text: string }): void => void log.push(line.text);
  const workDir = join(folder, "work");
  const taken = await takeSource({ type: "folder", path, dir: "" }, { ...at, workDir, log: write });
  const root = join(folder, "source");
  mkdirSync(root);
  await unpackSource(taken.digest, { ...at, to: root });
  const planned = await planSource({ root, dir: "" });
  if (!planned.ok) throw new Error(planned.failure.message);
  const result = await runBuild({
    ...at,
    source: taken.digest,
    plan: planned.plan,
    env: {},
    secrets: [],
    workDir,
    cacheDir: join(folder, "cache"),
    limits: { seconds: 200, memoryMb: 4096, diskMb: 8192, outputBytes: 1e7 },
    log: write,
  });
  expect(result.ok ? "" : log.join("\n")).toBe("");
});
