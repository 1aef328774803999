/** One line of a result: what was measured, the figure, and the goal it is held against. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly goal: string;
  readonly met: boolean;
}

export interface Bench {
  readonly name: string;
  /** How it was measured, for the reader of the table. */
  readonly how: string;
  readonly run: () => Promise<Row[]>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Proportional memory of a process in MB: what is its own, and its share of pages that several processes map, such as Node itself. */
export async function proportionalMb(pid: number): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  const kilobytes = /^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

/** Resident memory of a process in MB; Linux only, as the benchmarks are. */
export async function residentMb(pid: number): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  const kilobytes = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

/** Processor time that a process has used, in seconds; proc_pid_stat(5). */
export async function cpuSeconds(pid: number): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Ticks of a hundredth of a second, on every Linux that Node runs on.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
