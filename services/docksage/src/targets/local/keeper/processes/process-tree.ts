import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { listProcesses, readEnvironmentVariable, type ProcessRow } from "./process-table.ts";

/** Environment variable that every process of a release inherits; finds those that left its group and lost their parent. */
export const releaseMarker = "CLOUDSMITH_RELEASE_ID";
/** Environment variable with the keeper's name: another data folder's processes are not ours to end. */
export const keeperMarker = "CLOUDSMITH_KEEPER";

/** Which process a release began with. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** Processes that were seen in a tree, by pid, with their start times: they stay its members when they leave their group and lose their parent. */
export type SeenProcesses = ReadonlyMap<number, string>;

/** Members of a process tree: the root, its group, every descendant, and those seen in it before. The root itself may be gone. */
export function treeOf(
  rows: readonly ProcessRow[],
  root: ProcessIdentity,
  seen: SeenProcesses = new Map(),
): ProcessRow[] {
  const self = rows.find((row) => row.pid === root.pid);
  const members = new Set(rows.filter((row) => seen.get(row.pid) === row.startedAt).map((row) => row.pid));
  // Where the pid now names somebody else's process, its group and children are not ours.
  if (self === undefined || self.startedAt === root.startedAt) {
    members.add(root.pid);
    for (const row of rows) if (row.group === root.pid) members.add(row.pid);
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const row of rows) {
      if (members.has(row.pid) || !members.has(row.parent)) continue;
      members.add(row.pid);
      grew = true;
    }
  }
  return rows.filter((row) => members.has(row.pid) && !row.isZombie);
}

/** Processes whose environment says that they belong to this keeper, by release. Linux only; elsewhere groups and parents must do. */
export async function findMarked(rows: readonly ProcessRow[], keeperName: string): Promise<Map<string, ProcessRow[]>> {
  const found = new Map<string, ProcessRow[]>();
  if (process.platform !== "linux") return found;
  for (const row of rows) {
    if (row.isZombie || row.pid === process.pid) continue;
    if ((await readEnvironmentVariable(row.pid, keeperMarker)) !== keeperName) continue;
    const releaseId = (await readEnvironmentVariable(row.pid, releaseMarker)) ?? "";
    found.set(releaseId, [...(found.get(releaseId) ?? []), row]);
  }
  return found;
}

export interface EndTreeOptions {
  /** Milliseconds between the request to end and the kill. */
  readonly graceMs: number;
  readonly keeperName: string;
  readonly releaseId: string;
  /** The process it began with; null when only the marker is known. */
  readonly root: ProcessIdentity | null;
  readonly seen?: SeenProcesses;
}

const shortestPauseMs = 20;
const longestPauseMs = 200;

/** Ends a release's processes: SIGTERM, then SIGKILL after the grace, until none of them is left. */
export async function endTree(options: EndTreeOptions): Promise<void> {
  if (process.platform === "win32") return endTreeOnWindows(options.root);
  const deadline = Date.now() + options.graceMs;
  signalAll(await findMembers(options), "SIGTERM");
  for (let pauseMs = shortestPauseMs; Date.now() < deadline; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    if (await isGone(options)) return;
    await delay(pauseMs);
  }
  // A bounded number of rounds: what forks while it is being killed is caught by the next one.
  for (let round = 0; round < 40; round++) {
    const left = await findMembers(options);
    if (left.length === 0) return;
    signalAll(left, "SIGKILL");
    await delay(shortestPauseMs);
  }
}

/** Reading every environment costs more than reading the process table, so it is done once the known tree is empty. */
async function isGone(options: EndTreeOptions): Promise<boolean> {
  if (options.root !== null && treeOf(await listProcesses(), options.root, options.seen).length > 0) return false;
  return (await findMembers(options)).length === 0;
}

async function findMembers(options: EndTreeOptions): Promise<ProcessRow[]> {
  const rows = await listProcesses();
  const tree = options.root === null ? [] : treeOf(rows, options.root, options.seen);
  const marked = (await findMarked(rows, options.keeperName)).get(options.releaseId) ?? [];
  return [...new Map([...tree, ...marked].map((row) => [row.pid, row])).values()].filter(
    (row) => row.pid !== process.pid,
  );
}

function signalAll(rows: readonly ProcessRow[], signal: NodeJS.Signals): void {
  for (const row of rows) {
    try {
      process.kill(row.pid, signal);
    } catch {
      // ended in between
    }
  }
}

async function endTreeOnWindows(root: ProcessIdentity | null): Promise<void> {
  if (root === null) return;
  // taskkill fails when the process is gone already, which is what is wanted.
  await promisify(execFile)("taskkill.exe", ["/PID", String(root.pid), "/T", "/F"], { windowsHide: true }).catch(
    () => undefined,
  );
}
