/** What a release uses now. */
export interface Usage {
  readonly cpuPercent: number | null;
  readonly memoryMb: number | null;
}

/** Figures of one step of time. */
export interface MetricPoint {
  readonly at: string;
  readonly requests: number;
  readonly status2xx: number;
  readonly status3xx: number;
  readonly status4xx: number;
  readonly status5xx: number;
  readonly latencyMsP50: number | null;
  readonly latencyMsP95: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly cpuPercent: number | null;
  readonly memoryMb: number | null;
}
