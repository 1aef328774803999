import type { MetricPoint } from "@cloudsmith/contracts/api";
import type { Range } from "./project-search.ts";

/** How far back each range reaches and how wide its steps are, in seconds; at most 300 points each. */
export const rangeSteps = {
  hour: { seconds: 3600, step: 20 },
  day: { seconds: 24 * 3600, step: 300 },
  week: { seconds: 7 * 24 * 3600, step: 2400 },
} as const satisfies Record<Range, { seconds: number; step: number }>;

export const chartNames = ["requests", "latency", "errors", "cpu", "memory"] as const;
export type ChartName = (typeof chartNames)[number];

export const seriesNames = ["requests", "p50", "p95", "s4", "s5", "cpu", "memory"] as const;
export type SeriesName = (typeof seriesNames)[number];

export const seriesOf: Readonly<Record<ChartName, readonly SeriesName[]>> = {
  requests: ["requests"],
  latency: ["p50", "p95"],
  errors: ["s4", "s5"],
  cpu: ["cpu"],
  memory: ["memory"],
};

/** The value of a series in a point; counts are per minute, so that they read the same in each range. Null: nothing is known. */
const reads: Readonly<Record<SeriesName, (point: MetricPoint, perMinute: number) => number | null>> = {
  requests: (point, perMinute) => point.requests * perMinute,
  p50: (point) => point.latencyMsP50,
  p95: (point) => point.latencyMsP95,
  s4: (point, perMinute) => point.status4xx * perMinute,
  s5: (point, perMinute) => point.status5xx * perMinute,
  cpu: (point) => point.cpuPercent,
  memory: (point) => point.memoryMb,
};

export interface ChartData {
  /** Seconds since 1970, one a point. */
  readonly times: readonly number[];
  readonly series: readonly { readonly name: SeriesName; readonly values: readonly (number | null)[] }[];
}

export function chartData(chart: ChartName, points: readonly MetricPoint[], range: Range): ChartData {
  const perMinute = 60 / rangeSteps[range].step;
  return {
    times: points.map(({ at }) => Date.parse(at) / 1000),
    series: seriesOf[chart].map((name) => ({ name, values: points.map((point) => reads[name](point, perMinute)) })),
  };
}

/** The newest value that is known. */
export function latest(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

/** Whether there is anything to see: a load, or one request. */
export function hasData(points: readonly MetricPoint[]): boolean {
  return points.some((point) => point.requests > 0 || point.memoryMb !== null || point.cpuPercent !== null);
}

/** Points worth a row of a table, the newest first. */
export function tableRows(points: readonly MetricPoint[]): readonly MetricPoint[] {
  return points.filter((point) => hasData([point])).toReversed();
}

/** Where a range begins: on a step, so that the same query stands for the whole step. */
export function rangeStart(range: Range, now: number): string {
  const { seconds, step } = rangeSteps[range];
  return new Date((Math.floor(now / 1000 / step) * step - seconds + step) * 1000).toISOString();
}
