import type { ObservedRelease } from "../protocol.ts";

/** What is known of a release before anything has happened. */
export function initialObservation(id: string): ObservedRelease {
  return {
    id,
    state: "starting",
    port: null,
    allowedHost: null,
    pid: null,
    restarts: 0,
    since: new Date().toISOString(),
    health: { bound: false, status: null, at: null },
    listening: [],
    exit: null,
    lastLines: [],
    memoryMb: null,
    cpuPercent: null,
    reason: null,
    portTaken: null,
    drainingUntil: null,
  };
}

/** What is no longer true of a release once its processes have ended. */
export const noProcesses = {
  port: null,
  pid: null,
  listening: [],
  memoryMb: null,
  cpuPercent: null,
} satisfies Partial<ObservedRelease>;
