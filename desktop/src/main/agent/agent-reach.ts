import { setTimeout as wait } from "node:timers/promises";
import type { AgentConnection } from "./connection.ts";
import { readConnection } from "./installation.ts";
import { localRequest } from "./local-request.ts";

const answerLimitMs = 3000;
/** Time that an agent gets to end, in milliseconds: it lets running commits finish. */
const endLimitMs = 30_000;

/** The agent that runs and answers in this data folder; undefined where there is none. */
export async function reachAgent(home: string): Promise<AgentConnection | undefined> {
  const connection = await readConnection(home);
  if (connection === undefined || !isAlive(connection.pid)) return undefined;
  try {
    const { json } = await localRequest(`${connection.url}/api/system/info`, { timeoutMs: answerLimitMs });
    // Another program may have got the port of an agent that is gone.
    const isOurs = typeof json === "object" && json !== null && "pid" in json && json.pid === connection.pid;
    return isOurs ? { kind: "local", ...connection } : undefined;
  } catch {
    return undefined;
  }
}

/** Asks an agent to end, and waits until its process is gone. Apps go on unless they are to stop too. Answers whether it ended in time. */
export async function endAgent({ url, token, pid }: AgentConnection, apps: "keep" | "stop"): Promise<boolean> {
  const asked = localRequest(`${url}/api/system/shutdown`, {
    method: "POST",
    token,
    body: { apps },
    timeoutMs: 10_000,
  });
  // It may be gone before its answer arrives; whether it ended is seen below.
  await asked.catch(() => undefined);
  const limit = Date.now() + endLimitMs;
  while (isAlive(pid) && Date.now() < limit) await wait(50);
  return !isAlive(pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
