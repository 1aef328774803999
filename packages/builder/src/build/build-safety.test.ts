import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RealApps } from "../../test/real-apps.ts";
import { isRunning } from "../process/process-table.ts";
import { sweepBuilds } from "./work-folder.ts";

const fixture = join(import.meta.dirname, "..", "..", "fixtures", "apps", "node-http");
let apps: RealApps;
beforeAll(() => {
  apps = new RealApps({ sharedDownloads: false });
});
afterAll(() => apps[Symbol.dispose]());

interface OtherBuild {
  readonly child: ChildProcess;
  /** The first line of its output that matches, as far as the group. */
  readonly line: (pattern: RegExp) => Promise<string>;
}

function buildElsewhere(source: string): OtherBuild {
  const script = join(import.meta.dirname, "..", "..", "test", "build-in-process.ts");
  const child = spawn(process.execPath, [script, apps.folder, source], { stdio: ["ignore", "pipe", "inherit"] });
  const seen: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (text) => seen.push(text));
  const line = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const match = seen.map((text) => pattern.exec(text)).find((each) => each !== null);
      if (match !== undefined) return match[1] ?? match[0];
      await once(reader, "line", { signal: apps.signal });
    }
  };
  return { child, line };
}

test("a build whose process is killed leaves nothing that hurts the next one", { timeout: 120_000 }, async () => {
  const source = apps.newApp({
    "package.json": {
      scripts: { build: "mkdir -p out .cache && echo half > out/page; echo pid $$; sleep 300", start: "node a.js" },
      dependencies: { "is-number": "7.0.0" },
    },
    "a.js": "",
  });
  const { child, line } = buildElsewhere(source);
  const pid = Number(await line(/^pid (\d+)/));
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  expect(isRunning(pid)).toBe(true);
  await sweepBuilds(apps.workDir);
  expect(isRunning(pid)).toBe(false);
  expect(readdirSync(apps.workDir).filter((name) => name.startsWith("build-"))).toEqual([]);
  const good = await apps.built(fixture);
  expect(await apps.request(good, "/after")).toMatchObject({ body: "hello true /after\n" });
});

test("builds of the same app at once, in one process and in two, give one artifact", { timeout: 120_000 }, async () => {
  const other = buildElsewhere(fixture);
  const [first, second, third] = await Promise.all([
    apps.built(fixture),
    apps.built(fixture),
    other.line(/^digest (.+)/),
  ]);
  expect(second.digest).toBe(first.digest);
  expect(third).toBe(first.digest);
  const entries = readdirSync(join(apps.cacheDir, "dependencies"));
  expect(entries.filter((name) => name.includes(".new-"))).toEqual([]);
  expect(entries.every((name) => existsSync(join(apps.cacheDir, "dependencies", name, "index.json")))).toBe(true);
});
