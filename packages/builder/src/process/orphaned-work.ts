import { setTimeout as wait } from "node:timers/promises";
import { processesMarked } from "./process-table.ts";

/** The variable that builds, release commands and Git inherit: whose work they are. */
const workMarker = "CLOUDSMITH_WORK";

/** From now on every process that this one starts for a piece of work says that it belongs to the installation `home`. */
export function markWork(home: string): void {
  process.env[workMarker] = home;
}

/** What a process with an environment of its own needs to carry the mark as well. */
export function workMark(): Record<string, string> {
  const home = process.env[workMarker];
  return home === undefined ? {} : { [workMarker]: home };
}

/**
 * Kills what a killed agent of this installation left running, so that no release command or build runs beside its repetition. Only where the
 * caller holds the installation's lock, and before it starts work of its own. Returns when none is left (at most 5 s). Linux only, as
 * elsewhere no process tells another's environment.
 */
export async function endOrphanedWork(home: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const left = processesMarked(workMarker, home);
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
    await wait(round < 5 ? 10 : 50);
  }
}
