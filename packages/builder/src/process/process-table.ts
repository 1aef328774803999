import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly residentBytes: number;
}

const runFile = promisify(execFile);
const pageBytes = 4096;

/** All processes of this machine: from /proc on Linux, from `ps` elsewhere; none where neither is there. */
export async function processTable(): Promise<ProcessRow[]> {
  if (process.platform === "linux") return procTable();
  try {
    const { stdout } = await runFile("ps", ["-axo", "pid=,ppid=,pgid=,rss="], {
      timeout: 5000,
      maxBuffer: 8 * 1024 * 1024,
    });
    return stdout.split("\n").flatMap((line) => {
      const [pid, parent, group, kilobytes] = line.trim().split(/\s+/).map(Number);
      return pid === undefined || parent === undefined || group === undefined || kilobytes === undefined
        ? []
        : [{ pid, parent, group, residentBytes: kilobytes * 1024 }];
    });
  } catch {
    // No `ps` (Windows): limits of memory are then left to the runtime's own.
    return [];
  }
}

function procTable(): ProcessRow[] {
  return numericNames("/proc").flatMap((pid) => {
    const row = procRow(pid);
    return row === undefined ? [] : [row];
  });
}

function procRow(pid: number): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold anything, so fields are counted from its end: state, parent, group, … resident pages (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent has not asked yet.
    if (fields[0] === "Z") return undefined;
    return { pid, parent: Number(fields[1]), group: Number(fields[2]), residentBytes: Number(fields[21]) * pageBytes };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

function numericNames(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** A process, everything it started, and what left its parent but stayed in its group. */
export function treeOf(table: readonly ProcessRow[], root: number): ProcessRow[] {
  const members = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const row of table) {
      if (members.has(row.pid) || !(members.has(row.parent) || row.group === root)) continue;
      members.add(row.pid);
      grown = true;
    }
  }
  return table.filter((row) => members.has(row.pid));
}

/** Processes whose environment holds `NAME=value`, also those that left every parent and group; Linux only. */
export function processesMarked(name: string, value: string): number[] {
  if (process.platform !== "linux") return [];
  const wanted = `${name}=${value}`;
  return numericNames("/proc").filter((pid) => {
    try {
      return pid !== process.pid && readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(wanted);
    } catch {
      // Not ours to read, or gone.
      return false;
    }
  });
}

/** When a process started, in clock ticks since boot: with the pid, its identity. Undefined where it is gone or cannot be told. */
export function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** True where a process of that id runs; one that has ended and that its parent has not asked about does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return process.platform !== "linux" || procRow(pid) !== undefined;
}

/** Programs that processes of this machine run, by absolute path; Linux only. */
export function runningPrograms(): string[] {
  if (process.platform !== "linux") return [];
  return numericNames("/proc").flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/exe`)];
    } catch {
      // Not ours to read, or gone.
      return [];
    }
  });
}
