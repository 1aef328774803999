import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MetricsStore, type Sample } from "./metrics-store.ts";
import { emptyTraffic, latencyAt, latencyBounds, TrafficCounter } from "./traffic-counter.ts";

let folder: string;
let store: MetricsStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "metrics-"));
  store = new MetricsStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const start = Date.parse("2026-01-01T00:00:00.000Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

function sample(overrides: Partial<Sample> & { requests?: number } = {}): Sample {
  const traffic = emptyTraffic();
  traffic.requests = overrides.requests ?? 1;
  traffic.statuses[0] = traffic.requests;
  traffic.latencies[4] = traffic.requests;
  return { releaseId: "rel_a", environmentId: "env_a", traffic, cpuPercent: [10, 30], memoryMb: 50, ...overrides };
}

test("samples of one moment add up, steps without any are empty", () => {
  store.add([sample({ requests: 2 })], start);
  store.add([sample({ requests: 3, memoryMb: 70, cpuPercent: [50] })], start + 4000);
  store.add([sample({ releaseId: "rel_b", requests: 7 })], start + 21_000);
  const points = store.query({ environmentId: "env_a", since: at(0), until: at(30), stepSeconds: 10 }, start + 30_000);
  expect(points.map((point) => [point.at, point.requests, point.cpuPercent, point.memoryMb])).toEqual([
    [at(0), 5, 30, 70],
    [at(10), 0, null, null],
    [at(20), 7, 20, 50],
  ]);
  const ofRelease = store.query({ releaseId: "rel_b", since: at(0), until: at(30), stepSeconds: 60 }, start + 30_000);
  expect(ofRelease).toMatchObject([{ at: at(0), requests: 7, status2xx: 7, latencyMsP50: 3.5 }]);
});

test.each([
  ["an hour", 3600, 20, 180],
  ["a day", 24 * 3600, 300, 288],
  ["a week", 7 * 24 * 3600, 2400, 252],
])("%s is at most 300 points, and no request is lost in them", (_name, seconds, stepSeconds, points) => {
  const now = start + 7 * 24 * 3600 * 1000;
  for (let ago = 7 * 24 * 3600; ago > 0; ago -= 1200) store.add([sample()], now - ago * 1000);
  const found = store.query(
    { environmentId: "env_a", since: new Date(now - seconds * 1000).toISOString(), stepSeconds },
    now,
  );
  expect(found).toHaveLength(points);
  expect(found.reduce((sum, point) => sum + point.requests, 0)).toBe(seconds / 1200);
});

test("two days of twenty releases stay in a file of bounded size, older samples go", () => {
  const hours = 3;
  for (let seconds = 0; seconds < hours * 3600; seconds += 60) {
    store.add(
      Array.from({ length: 20 }, (_, index) => sample({ releaseId: `rel_${index}` })),
      start + seconds * 1000,
    );
  }
  const now = start + 9 * 24 * 3600 * 1000;
  store.add([sample()], now);
  expect(
    store
      .query({ environmentId: "env_a", since: at(0), stepSeconds: 3600 }, now + 60_000)
      .reduce((sum, point) => sum + point.requests, 0),
  ).toBe(1);
  expect(statSync(join(folder, "metrics.db")).size).toBeLessThan(4e6);
});

test("what was stored is there after the store is opened again", () => {
  store.add([sample({ requests: 9 })], start);
  store.close();
  store = new MetricsStore(folder);
  expect(store.query({ releaseId: "rel_a", since: at(0), until: at(60), stepSeconds: 60 })[0]?.requests).toBe(9);
});

test("a percentile lies in the class of the request it stands for", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.1, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 50 }),
      fc.constantFrom(0.5, 0.95),
      (times, share) => {
        const counter = new TrafficCounter();
        for (const time of times) counter.answered(200, time);
        const exact = times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1] ?? 0;
        const index = latencyBounds.findIndex((bound) => exact <= bound);
        const estimate = latencyAt(share, counter.take().latencies) ?? -1;
        expect(estimate).toBeGreaterThanOrEqual(latencyBounds[index - 1] ?? 0);
        expect(estimate).toBeLessThanOrEqual((latencyBounds[index] ?? Infinity) + 0.01);
      },
    ),
  );
  expect(latencyAt(0.5, emptyTraffic().latencies)).toBeNull();
});
