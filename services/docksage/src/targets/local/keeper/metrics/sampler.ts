import type { MetricsPoint, MetricsQuery } from "../../protocol.ts";
import { listProcesses } from "../processes/process-table.ts";
import type { RunningRelease } from "../running-release.ts";
import type { MetricsStore } from "./metrics-store.ts";

/** Reading the whole process table costs a few milliseconds, so it is done more often only where a memory limit is watched. */
const measureEveryMs = 5000;
const watchEveryMs = 2000;
const flushEveryMs = 10_000;

interface Load {
  readonly cpuPercent: number[];
  memoryMb: number | null;
}

/** The releases there are, and those that have gone since they were last asked for. */
export interface SampledReleases {
  all(): readonly RunningRelease[];
  takeGone(): readonly RunningRelease[];
}

/** Measures all releases every few seconds and stores the sums every ten. */
export class Sampler {
  readonly #store: MetricsStore;
  readonly #source: SampledReleases;
  readonly #loads = new WeakMap<RunningRelease, Load>();
  #timer: NodeJS.Timeout | null = null;
  #flushedAt = 0;

  constructor(store: MetricsStore, source: SampledReleases) {
    this.#store = store;
    this.#source = source;
  }

  start(): void {
    this.#timer ??= setTimeout(() => void this.#tick(), watchEveryMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.flush();
  }

  /** What was stored, and what was counted since. */
  query(query: MetricsQuery): MetricsPoint[] {
    this.flush();
    return this.#store.query(query);
  }

  flush(): void {
    this.#flushedAt = performance.now();
    // Those that have ended since the last time still have something to tell.
    const samples = [...this.#source.takeGone(), ...this.#source.all()].flatMap((running) => {
      const traffic = running.traffic.take();
      const load = this.#loads.get(running) ?? { cpuPercent: [], memoryMb: null };
      this.#loads.delete(running);
      // A static site that nobody visits leaves no rows.
      if (traffic.requests === 0 && traffic.bytesIn === 0 && traffic.bytesOut === 0 && load.memoryMb === null)
        return [];
      return [{ releaseId: running.releaseId, environmentId: running.release.environmentId, traffic, ...load }];
    });
    if (samples.length > 0) this.#store.add(samples);
  }

  async #tick(): Promise<void> {
    try {
      await this.#measure();
      if (performance.now() - this.#flushedAt >= flushEveryMs) this.flush();
    } catch (error) {
      // With the disk full, samples are lost, not the apps.
      process.stderr.write(
        `the metrics could not be stored: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
    const isWatched = this.#source.all().some((running) => running.release.limits.memoryMb !== null);
    this.#timer = setTimeout(() => void this.#tick(), isWatched ? watchEveryMs : measureEveryMs);
  }

  async #measure(): Promise<void> {
    const supervised = this.#source.all().filter((running) => running.supervisor !== null);
    if (supervised.length === 0) return;
    const rows = await listProcesses();
    for (const running of supervised) {
      await running.supervisor?.sample(rows);
      const { cpuPercent, memoryMb } = running.observed;
      if (memoryMb === null) continue;
      const load = this.#loads.get(running) ?? { cpuPercent: [], memoryMb: null };
      if (cpuPercent !== null) load.cpuPercent.push(cpuPercent);
      load.memoryMb = Math.max(load.memoryMb ?? 0, memoryMb);
      this.#loads.set(running, load);
    }
  }
}
