import type { MetricPoint } from "@cloudsmith/contracts/api";
import { expect, test } from "vitest";
import { chartData, hasData, latest, rangeStart, rangeSteps, tableRows } from "./chart-series.ts";

const point = (over: Partial<MetricPoint>): MetricPoint => ({
  at: "2026-01-01T00:00:00.000Z",
  requests: 0,
  status2xx: 0,
  status3xx: 0,
  status4xx: 0,
  status5xx: 0,
  latencyMsP50: null,
  latencyMsP95: null,
  bytesIn: 0,
  bytesOut: 0,
  cpuPercent: null,
  memoryMb: null,
  ...over,
});

test("no range has more than 300 points", () => {
  for (const { seconds, step } of Object.values(rangeSteps)) expect(seconds / step).toBeLessThanOrEqual(300);
});

test("counts are per minute in every range; what was not measured stays a gap", () => {
  const points = [point({ requests: 10, status5xx: 2 }), point({ at: "2026-01-01T00:00:20.000Z", cpuPercent: 5 })];
  expect(chartData("requests", points, "hour")).toEqual({
    times: [1767225600, 1767225620],
    series: [{ name: "requests", values: [30, 0] }],
  });
  expect(chartData("errors", points, "day").series[1]).toEqual({ name: "s5", values: [0.4, 0] });
  expect(chartData("cpu", points, "hour").series[0]?.values).toEqual([null, 5]);
  expect(latest([1, 2, null])).toBe(2);
  expect(latest([null])).toBeNull();
});

test("a table has the steps in which something was, the newest first", () => {
  const points = [point({ requests: 1 }), point({}), point({ memoryMb: 40 })];
  expect(tableRows(points)).toEqual([points[2], points[0]]);
  expect([hasData(points), hasData([point({})])]).toEqual([true, false]);
});

test("a range begins on a step, so that it is asked for once a step", () => {
  const now = Date.parse("2026-01-01T01:00:07.000Z");
  expect(rangeStart("hour", now)).toBe("2026-01-01T00:00:20.000Z");
  expect(rangeStart("hour", now + 9000)).toBe(rangeStart("hour", now));
});
