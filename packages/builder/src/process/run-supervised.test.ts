import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sweepBuilds } from "../build/work-folder.ts";
import { isRunning } from "./process-table.ts";
import { runSupervised, type CommandResult, type RunOptions } from "./run-supervised.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "supervised-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const bound = AbortSignal.timeout(60_000);

async function run(
  script: string,
  options: Partial<RunOptions> = {},
): Promise<{ result: CommandResult; lines: string[] }> {
  const lines: string[] = [];
  const result = await runSupervised(
    { script },
    {
      cwd: home,
      env: { PATH: process.env["PATH"] ?? "" },
      buildId: randomUUID(),
      limits: { seconds: 30, memoryMb: 1024, outputBytes: 1e6 },
      signal: bound,
      log: (line) => lines.push(line.text),
      ...options,
    },
  );
  return { result, lines };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    bound.throwIfAborted();
    await new Promise((done) => setTimeout(done, 10));
  }
}

test("exit, output of both streams and redrawn lines are told", async () => {
  const { result, lines } = await run("echo out; echo err >&2; printf '10%%\\r100%%\\n'; exit 3");
  expect(result).toEqual({ code: 3, signal: null, stopped: undefined });
  expect(lines.toSorted()).toEqual(["100%", "err", "out"]);
});

test("a program that does not exist is a result", async () => {
  const lines: string[] = [];
  const result = await runSupervised(
    { argv: ["no-such-program"] },
    {
      cwd: home,
      env: {},
      buildId: randomUUID(),
      limits: { seconds: 5, memoryMb: 100, outputBytes: 1e5 },
      signal: bound,
      log: (line) => lines.push(line.text),
    },
  );
  expect(result.stopped).toBe("not-found");
  expect(lines.join()).toMatch(/no-such-program could not be started/);
});

test("time, memory and output are bounded", async () => {
  expect((await run("sleep 60", { limits: { seconds: 0.3, memoryMb: 1024, outputBytes: 1e6 } })).result.stopped).toBe(
    "timeout",
  );
  const greedy = `${process.execPath} -e "const a=[];setInterval(()=>a.push(Buffer.alloc(2e7,1)),10)"`;
  expect((await run(greedy, { limits: { seconds: 30, memoryMb: 200, outputBytes: 1e6 } })).result.stopped).toBe(
    "memory",
  );
  const { lines } = await run("yes | head -n 100000", { limits: { seconds: 30, memoryMb: 1024, outputBytes: 1000 } });
  expect(lines.length).toBeLessThan(520);
  expect(lines.at(-1)).toMatch(/the rest is left out/);
});

test("cancel kills the whole tree, daemons that left their group included", async () => {
  const canceled = new AbortController();
  const pids = join(home, "pids");
  const work = run(
    `setsid sh -c 'echo $$ >> ${pids}; sleep 300' & sh -c 'echo $$ >> ${pids}; sleep 300' & echo $$ >> ${pids}; sleep 300`,
    { signal: canceled.signal },
  );
  await until(() => existsSync(pids) && readFileSync(pids, "utf8").trim().split("\n").length === 3);
  canceled.abort();
  expect((await work).result.stopped).toBe("aborted");
  for (const pid of readFileSync(pids, "utf8").trim().split("\n")) expect(isRunning(Number(pid))).toBe(false);
});

test("a daemon that holds the pipes does not hold the build, and does not survive it", async () => {
  const file = join(home, "daemon-pid");
  const { result } = await run(`setsid sleep 300 & echo $! > ${file}; exit 0`);
  expect(result.code).toBe(0);
  expect(isRunning(Number(readFileSync(file, "utf8")))).toBe(false);
});

test("what a build leaves when its process is killed is swept: folder and processes", async () => {
  const workDir = join(home, "work");
  const ready = join(home, "ready");
  const program = join(home, "build.ts");
  writeFileSync(
    program,
    `import { makeWorkFolder } from ${JSON.stringify(join(import.meta.dirname, "..", "build", "work-folder.ts"))};
     import { runSupervised } from ${JSON.stringify(join(import.meta.dirname, "run-supervised.ts"))};
     const folder = makeWorkFolder(${JSON.stringify(workDir)}, "dead");
     await runSupervised({ script: "setsid sleep 300 & echo $! > ${ready}; sleep 300" }, { cwd: folder.source, env: { PATH: process.env.PATH }, buildId: "dead", limits: { seconds: 300, memoryMb: 1000, outputBytes: 1000 }, signal: new AbortController().signal, log: () => {} });`,
  );
  const child = spawn(process.execPath, [program], { stdio: "inherit" });
  await until(() => existsSync(ready) && readFileSync(ready, "utf8").endsWith("\n"));
  await sweepBuilds(workDir);
  expect(existsSync(join(workDir, "build-dead"))).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  await sweepBuilds(workDir);
  expect(existsSync(join(workDir, "build-dead"))).toBe(false);
  expect(isRunning(Number(readFileSync(ready, "utf8")))).toBe(false);
});
