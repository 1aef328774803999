import { mkdirSync } from "node:fs";
import { MetricsStore, type Sample } from "@cloudsmith/docksage/src/targets/local/keeper/metrics/metrics-store.ts";
import { TrafficCounter } from "@cloudsmith/docksage/src/targets/local/keeper/metrics/traffic-counter.ts";

/** Gives a release an hour of traffic with a rush and a few errors in it, as the keeper keeps it. */
export function addTraffic(folder: string, releaseId: string, environmentId: string): void {
  mkdirSync(folder, { recursive: true });
  const store = new MetricsStore(folder);
  const now = Date.now();
  for (let seconds = 3600; seconds > 10; seconds -= 10)
    store.add([sampleAt(seconds, { releaseId, environmentId })], now - seconds * 1000);
  store.close();
}

/** The same each time: what looks like chance is the fraction of a sine. */
const chance = (seed: number): number => Math.abs(Math.sin(seed * 12.9898) * 43_758.5453) % 1;

function sampleAt(ago: number, ids: Pick<Sample, "releaseId" | "environmentId">): Sample {
  const rush = Math.exp(-(((ago - 1400) / 380) ** 2));
  const requests = Math.round(42 + 8 * Math.sin(ago / 310) + 70 * rush + 12 * chance(ago));
  const counter = new TrafficCounter();
  for (let n = 0; n < requests; n++) {
    const luck = chance(ago + n * 7.7);
    const latency = 6 + 14 * luck + (luck > 0.94 ? 90 + 120 * rush : 0) + 10 * rush;
    counter.answered(luck > 0.992 - 0.03 * rush ? 502 : luck > 0.975 ? 404 : 200, latency);
  }
  const cpu = 6 + 26 * rush + 3 * chance(ago * 3);
  return {
    ...ids,
    traffic: counter.take(),
    cpuPercent: [cpu, cpu + 1],
    memoryMb: 118 + 34 * rush + (3600 - ago) / 180,
  };
}
