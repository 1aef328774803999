import { Connection, dataFolderParts, installationFiles } from "@cloudsmith/contracts";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where this person's agent keeps its data. */
export function dataFolder(): string {
  return join(...dataFolderParts({ platform: process.platform, home: homedir(), environment: process.env }));
}

/** The connection of the agent that runs, or that ended without a goodbye; undefined where there is none. */
export async function readConnection(home: string): Promise<Connection | undefined> {
  try {
    return Connection.parse(JSON.parse(await readFile(join(home, installationFiles.connection), "utf8")));
  } catch {
    // Not there, half written or not ours: there is no agent to talk to.
    return undefined;
  }
}

/** The last lines of the agent's log, for the person who wants to know why it ended. */
export async function lastLogLines(home: string, count: number): Promise<string[]> {
  try {
    const text = await readFile(join(home, installationFiles.agentLog), "utf8");
    return text.trimEnd().split("\n").slice(-count);
  } catch {
    return [];
  }
}
