import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** One process as the system shows it. `startedAt` is opaque: with the pid it names one process for ever. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly startedAt: string;
  /** CPU time used so far, in milliseconds. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly isZombie: boolean;
}

const run = promisify(execFile);
/** USER_HZ and the page size of every Linux that Node runs on as an application; the page is 4 KiB but on a few arm64 kernels. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** Many releases look at the same moment; they share one reading that is at most this old. */
const freshForMs = process.platform === "linux" ? 15 : 200;
let latest: { at: number; rows: Promise<ProcessRow[]> } | null = null;

/** All processes that this user can see, as of the last few milliseconds. Linux reads /proc; macOS asks `ps`; Windows asks PowerShell. */
export function listProcesses(): Promise<ProcessRow[]> {
  if (latest === null || performance.now() - latest.at > freshForMs)
    latest = { at: performance.now(), rows: readProcesses() };
  return latest.rows;
}

async function readProcesses(): Promise<ProcessRow[]> {
  if (process.platform === "linux") return listFromProc();
  if (process.platform === "win32") return listFromPowerShell();
  return listFromPs();
}

/** The start time that identifies a process, or null when there is none with this pid. */
export async function startTimeOf(pid: number): Promise<string | null> {
  if (process.platform === "linux") {
    const row = readProcRow(pid);
    return row === null || row.isZombie ? null : row.startedAt;
  }
  return (await listProcesses()).find((row) => row.pid === pid && !row.isZombie)?.startedAt ?? null;
}

function listFromProc(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const row = readProcRow(pid);
    if (row !== null) rows.push(row);
  }
  return rows;
}

/** Parses /proc/<pid>/stat (proc_pid_stat(5)); the name in parentheses may hold anything, so fields count from the last one. */
function readProcRow(pid: number): ProcessRow | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null; // gone since the folder was read
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid,
    parent: field(4),
    group: field(5),
    startedAt: fields[22 - 3] ?? "",
    cpuMs: ((field(14) + field(15)) * 1000) / ticksPerSecond,
    memoryBytes: field(24) * pageBytes,
    isZombie: fields[0] === "Z" || fields[0] === "X",
  };
}

async function listFromPs(): Promise<ProcessRow[]> {
  const { stdout } = await run("ps", ["-axo", "pid=,ppid=,pgid=,stat=,rss=,time=,lstart="], {
    env: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
    maxBuffer: 16e6,
  });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, parent, group, state, kilobytes, time, startedAt] = match;
    const seconds = (time ?? "0").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
    const isZombie = state?.startsWith("Z") ?? false;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        startedAt: startedAt ?? "",
        cpuMs: seconds * 1000,
        memoryBytes: Number(kilobytes) * 1024,
        isZombie,
      },
    ];
  });
}

async function listFromPowerShell(): Promise<ProcessRow[]> {
  const script =
    'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.Ticks) $($_.WorkingSetSize) $(($_.KernelModeTime + $_.UserModeTime) / 10000)" }';
  const { stdout } = await run("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", script], {
    maxBuffer: 16e6,
    windowsHide: true,
  });
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, startedAt, memoryBytes, cpuMs] = line.trim().split(" ");
    if (startedAt === undefined) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: 0,
        startedAt,
        cpuMs: Number(cpuMs),
        memoryBytes: Number(memoryBytes),
        isZombie: false,
      },
    ];
  });
}

/** The value of one variable in the environment a process was started with; null where it has none or is not ours to read. Linux only. */
export async function readEnvironmentVariable(pid: number, name: string): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/environ`, "latin1");
    const entry = text.split("\0").find((line) => line.startsWith(`${name}=`));
    return entry === undefined ? null : entry.slice(name.length + 1);
  } catch {
    return null; // another user's process, or gone
  }
}

/** Memory of processes in bytes with shared pages counted once (PSS); resident memory where the system does not tell. */
export async function proportionalMemory(rows: readonly ProcessRow[]): Promise<number> {
  const sizes = await Promise.all(
    rows.map(async (row) => {
      const text = await readFile(`/proc/${row.pid}/smaps_rollup`, "latin1").catch(() => "");
      const kilobytes = /^Pss:\s+(\d+) kB/m.exec(text)?.[1];
      return kilobytes === undefined ? row.memoryBytes : Number(kilobytes) * 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
