/** Upper bounds of the latency classes in milliseconds: 1, 1.5, 2, 3, 4, 6, … about 100 s; whatever is slower falls in the last one. */
export const latencyBounds: readonly number[] = Array.from({ length: 34 }, (_, index) =>
  index % 2 === 0 ? 2 ** (index / 2) : 1.5 * 2 ** ((index - 1) / 2),
);

/** What passed through the proxy for one release in one span of time. */
export interface Traffic {
  requests: number;
  /** Answers of 2xx, 3xx, 4xx and 5xx. */
  statuses: [number, number, number, number];
  bytesIn: number;
  bytesOut: number;
  /** Requests per latency class. */
  latencies: number[];
}

export function emptyTraffic(): Traffic {
  return { requests: 0, statuses: [0, 0, 0, 0], bytesIn: 0, bytesOut: 0, latencies: latencyBounds.map(() => 0) };
}

/** Counts traffic since it was last taken. */
export class TrafficCounter {
  #now = emptyTraffic();

  /** An answer began. Upgraded connections (101) count as requests without a class. */
  answered(status: number, latencyMs: number): void {
    this.#now.requests++;
    const kind = Math.floor(status / 100) - 2;
    if (kind === 0 || kind === 1 || kind === 2 || kind === 3) this.#now.statuses[kind]++;
    const found = latencyBounds.findIndex((bound) => latencyMs <= bound);
    const index = found === -1 ? latencyBounds.length - 1 : found;
    this.#now.latencies[index] = (this.#now.latencies[index] ?? 0) + 1;
  }

  received(bytes: number): void {
    this.#now.bytesIn += bytes;
  }

  sent(bytes: number): void {
    this.#now.bytesOut += bytes;
  }

  /** Gives what was counted and begins again. */
  take(): Traffic {
    const taken = this.#now;
    this.#now = emptyTraffic();
    return taken;
  }
}

/** The latency below which the given share of requests stayed, interpolated inside its class; null without requests. */
export function latencyAt(share: number, latencies: readonly number[]): number | null {
  const total = latencies.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let before = 0;
  for (const [index, count] of latencies.entries()) {
    if (count > 0 && before + count >= share * total) {
      const low = latencyBounds[index - 1] ?? 0;
      const high = latencyBounds[index] ?? low;
      return Math.round((low + (high - low) * ((share * total - before) / count)) * 100) / 100;
    }
    before += count;
  }
  return latencyBounds.at(-1) ?? null;
}
