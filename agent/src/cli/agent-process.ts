import { CloudSmithError } from "@cloudsmith/contracts";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readConnection } from "../compose/connection-file.ts";
import { pathsOf } from "../paths.ts";
import type { Client } from "./cli.ts";

/** Time that an agent gets to end, in milliseconds: it lets running commits finish. */
const endLimitMs = 30_000;

/** The argv that runs the agent of this installation in the foreground. */
export function agentCommand(): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = fileURLToPath(new URL(isSource ? "../main.ts" : "./agent.mjs", import.meta.url));
  return [process.execPath, "--disable-warning=ExperimentalWarning", entry, "--data", pathsOf().home];
}

/** Stops the agent, and the apps with it if asked, and waits until its process is gone. */
export async function stopAgent(client: Client, apps: "keep" | "stop"): Promise<void> {
  const connection = await readConnection(pathsOf().connection);
  await client.system.shutdown({ apps });
  const limit = Date.now() + endLimitMs;
  while (connection !== undefined && isAlive(connection.pid)) {
    if (Date.now() > limit)
      throw new CloudSmithError("deadline-exceeded", "The agent has not stopped within 30 s", {
        why: `Process ${connection.pid} is still there`,
        fix: "Look at its log: cloudsmith agent logs",
      });
    await wait(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
