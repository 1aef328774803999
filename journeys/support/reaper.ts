// Waits until the test that started it is gone (its standard input closes, also by SIGKILL), then ends every process of that test's folder and removes it.
import { rmSync } from "node:fs";
import { killNow, processesOf } from "./processes.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("Say which folder to watch over");

process.stdin.once("close", reap).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

function reap(): void {
  // What starts something while it is being killed is caught by the next round.
  for (let round = 0; round < 20; round++) {
    const found = processesOf(String(folder));
    if (found.length === 0) break;
    for (const { pid } of found) killNow(pid);
  }
  rmSync(String(folder), { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}
