import { randomUUID } from "node:crypto";
import { link, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { uptime } from "node:os";
import { join } from "node:path";
import { CloudSmithError } from "@cloudsmith/contracts";
import { isMissing, lockName } from "./log-folder.ts";

/** The tokens of the locks that this process holds. */
const held = new Set<string>();

/**
 * Makes the caller the one writer of a log, until it calls the function that comes back. The lock of a dead process is
 * taken over: a pid that lives again is told apart by its start time. Errors: `conflict`.
 */
export async function lockLog(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName);
  const token = randomUUID();
  const temp = `${path}.${token}`;
  const content = `${process.pid} ${(await startTime(process.pid)) ?? "unknown"} ${token}\n`;
  await writeFile(temp, content, { mode: 0o600, flag: "wx" });
  held.add(token);
  try {
    if (!(await linked(temp, path))) {
      await removeStale(path, temp);
      if (!(await linked(temp, path))) throw heldByOther();
    }
  } catch (error) {
    held.delete(token);
    throw error;
  } finally {
    await unlink(temp);
  }
  return async () => {
    held.delete(token);
    if ((await readIfThere(path)) === content) await unlink(path);
  };
}

async function linked(temp: string, path: string): Promise<boolean> {
  try {
    await link(temp, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function removeStale(path: string, temp: string): Promise<void> {
  const content = await readIfThere(path);
  if (content === undefined) return;
  if (await isHeld(path, content)) throw heldByOther();
  const aside = `${temp}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  // Another process may have taken it over in between: then this is its lock, and goes back.
  if ((await readIfThere(aside)) !== content) await linked(aside, path);
  await unlink(aside);
}

async function isHeld(path: string, content: string): Promise<boolean> {
  const [owner, started, token] = content.trim().split(" ");
  const pid = Number(owner);
  if (pid === process.pid) return token !== undefined && held.has(token);
  // A power cut can leave an empty file; signals to pid 0 or below go to whole groups.
  if (!(pid > 0) || !isAlive(pid)) return false;
  const now = await startTime(pid);
  if (now !== undefined && started !== "unknown") return now === started;
  // Without start times, a lock from before this boot is surely stale.
  const { mtimeMs } = await stat(path);
  return mtimeMs > Date.now() - uptime() * 1000;
}

/**
 * The start time of a process in clock ticks since boot (field 22 of proc(5) stat), or `dead` when it only waits for its
 * parent to take notice; undefined where there is no /proc.
 */
async function startTime(pid: number): Promise<string | undefined> {
  const text = await readIfThere(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === "Z" ? "dead" : fields?.[19];
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "latin1");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function heldByOther(): CloudSmithError {
  return new CloudSmithError("conflict", "Another process is writing this log", {
    why: "A log has one writer at a time",
    fix: "Wait for the other one to finish or stop it",
  });
}
