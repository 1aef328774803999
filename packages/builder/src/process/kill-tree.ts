import { setTimeout as wait } from "node:timers/promises";
import { processesMarked, processTable, treeOf } from "./process-table.ts";

/** The variable by which processes of a build are found again. */
export const buildMarker = "CLOUDSMITH_BUILD_ID";

/**
 * Kills a process with all that it started, also children that made themselves daemons: they are found by parent, by group and by the build's marker in their
 * environment. Returns when none is left (at most 5 s).
 */
export async function killTree(pid: number | undefined, buildId: string): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const tree = pid === undefined ? [] : treeOf(await processTable(), pid).map((row) => row.pid);
    const victims = new Set([...tree, ...processesMarked(buildMarker, buildId)].filter((each) => each !== process.pid));
    if (pid !== undefined) send(-pid);
    if (victims.size === 0) return;
    for (const victim of victims) send(victim);
    await wait(round < 5 ? 10 : 100);
  }
}

function send(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
