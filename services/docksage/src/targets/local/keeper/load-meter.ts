import { proportionalMemory, type ProcessRow } from "./processes/process-table.ts";

const megabyte = 2 ** 20;

/** CPU and memory of one app's processes. */
export interface Load {
  /** Of one core, since the reading before; null at the first. */
  readonly cpuPercent: number | null;
  readonly memoryMb: number;
}

/** Works out an app's load from successive readings of the process table. */
export class LoadMeter {
  #before: { at: number; cpuMs: number } | null = null;

  /** Forgets earlier readings: other processes follow. */
  reset(): void {
    this.#before = null;
  }

  read(tree: readonly ProcessRow[]): Load {
    const now = { at: performance.now(), cpuMs: tree.reduce((sum, row) => sum + row.cpuMs, 0) };
    const before = this.#before;
    this.#before = now;
    const cpuPercent = before === null ? null : Math.max(0, ((now.cpuMs - before.cpuMs) / (now.at - before.at)) * 100);
    const memoryMb = tree.reduce((sum, row) => sum + row.memoryBytes, 0) / megabyte;
    return { cpuPercent: cpuPercent === null ? null : round(cpuPercent), memoryMb: round(memoryMb) };
  }
}

/** Whether processes use more memory than a limit. What forked workers share counts once for each of them at first, so a second look counts it once. */
export async function isAboveLimit(load: Load, tree: readonly ProcessRow[], limitMb: number | null): Promise<boolean> {
  if (limitMb === null || load.memoryMb <= limitMb) return false;
  return (await proportionalMemory(tree)) > limitMb * megabyte;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
