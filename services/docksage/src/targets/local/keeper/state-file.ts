import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import * as z from "zod";
import { KeeperRoute } from "../protocol.ts";

/** What the keeper remembers over its own death. Never environments, secrets or commands: the agent sends those again. */
export const KeeperState = z.object({
  version: z.literal(1),
  generation: z.number().int().nullable(),
  proxyPort: z.number().int().nullable(),
  routes: z.array(KeeperRoute),
  /** PORT of each release. */
  ports: z.record(z.string(), z.number().int()),
  /** First process of each running release, to be ended by the next keeper should this one die. */
  processes: z.array(z.object({ releaseId: z.string(), pid: z.number().int(), startedAt: z.string() })),
});
export type KeeperState = z.infer<typeof KeeperState>;

const empty: KeeperState = { version: 1, generation: null, proxyPort: null, routes: [], ports: {}, processes: [] };

/** Reads the state; a file that is missing or damaged counts as none, since the agent sends the desired state again. */
export function readKeeperState(path: string): KeeperState {
  try {
    return KeeperState.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return structuredClone(empty);
  }
}

/** Replaces the state file in one step, on the disk before it returns. */
export function writeKeeperState(path: string, state: KeeperState): void {
  const draft = `${path}.new`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, JSON.stringify(state));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
