import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning, startTicks } from "../process/process-table.ts";

/**
 * Holds a lock among processes of this machine until it is disposed. A lock whose owner is dead (by pid and start time) is taken over. Waits until it is free or `signal` aborts.
 */
export async function lockFile(path: string, signal: AbortSignal): Promise<Disposable> {
  for (let attempt = 0; ; attempt += 1) {
    if (tryLock(path)) return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
    if (isStale(path)) rmSync(path, { force: true });
    else await wait(Math.min(200, 10 + attempt * 10), undefined, { signal });
  }
}

function tryLock(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  writeSync(file, `${process.pid} ${startTicks(process.pid) ?? "?"}`);
  closeSync(file);
  return true;
}

function isStale(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    // Released a moment ago.
    return false;
  }
  const [pid, ticks] = text.split(" ");
  // Empty: the owner is between making the file and writing it.
  if (pid === undefined || pid === "") return false;
  return (
    !isRunning(Number(pid)) || (ticks !== "?" && ticks !== startTicks(Number(pid)) && process.platform === "linux")
  );
}
