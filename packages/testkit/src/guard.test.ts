import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startGuarded } from "./guard.ts";
import { tempDir } from "./temp-dir.ts";
import { waitFor } from "./wait-for.ts";

const sleeper = "process.stdout.write(`${process.pid}\\n`); setInterval(() => {}, 1000);";

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a guarded program runs until it is stopped", async () => {
  await using dir = await tempDir();
  const program = startGuarded(process.execPath, ["-e", sleeper], { log: dir.file("log") });
  const pid = await waitFor("its pid", async () => Number(await readFile(dir.file("log"), "utf8")) || undefined);
  expect(alive(pid)).toBe(true);
  await program.stop();
  expect(alive(pid)).toBe(false);
});

test("a guarded program and its children die with the process that started it, also by SIGKILL", async () => {
  await using dir = await tempDir();
  const script = dir.file("parent.mjs");
  const parentOfTwo = `const c = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(sleeper)}], { stdio: "inherit" }); ${sleeper}`;
  await writeFile(
    script,
    `import { startGuarded } from ${JSON.stringify(new URL("guard.ts", import.meta.url).href)};
     startGuarded(process.execPath, ["-e", ${JSON.stringify(parentOfTwo)}], { log: ${JSON.stringify(dir.file("log"))} });
     setInterval(() => {}, 1000);`,
  );
  const parent = spawn(process.execPath, [script], { stdio: "ignore" });
  try {
    const pids = await waitFor("both pids", async () => {
      const lines = (await readFile(dir.file("log"), "utf8")).trim().split("\n");
      return lines.length === 2 && lines.map(Number);
    });
    expect(pids.every(alive)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await waitFor("both to be gone", () => !pids.some(alive));
  } finally {
    parent.kill("SIGKILL");
  }
});

test("a program that does not exist ends at once and says so", async () => {
  await using dir = await tempDir();
  const program = startGuarded("no-such-program-here", [], { log: dir.file("log") });
  await program.exited;
  expect(await readFile(dir.file("log"), "utf8")).toContain("no-such-program-here");
});
