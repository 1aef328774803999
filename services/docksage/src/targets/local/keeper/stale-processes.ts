import { listProcesses } from "./processes/process-table.ts";
import { endTree, findMarked, type ProcessIdentity } from "./processes/process-tree.ts";

/** How long an app that outlived its keeper may take to end. */
const graceMs = 2000;

/**
 * Ends what an earlier keeper of the same data folder left running: by the recorded pid and start time, and by the marker in the
 * environment. Their pipes ended with that keeper, so they cannot be adopted: what they print would be lost, or end them.
 */
export async function endStaleProcesses(
  keeperName: string,
  recorded: readonly (ProcessIdentity & { releaseId: string })[],
): Promise<void> {
  const marked = await findMarked(await listProcesses(), keeperName);
  const releaseIds = new Set([...marked.keys(), ...recorded.map((process) => process.releaseId)]);
  await Promise.all(
    [...releaseIds].map((releaseId) => {
      const root = recorded.find((process) => process.releaseId === releaseId) ?? null;
      return endTree({ graceMs, keeperName, releaseId, root });
    }),
  );
}
