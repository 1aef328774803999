import { agentAlreadyRunning, CloudSmithError, type Connection } from "@cloudsmith/contracts";
import { apiVersion } from "@cloudsmith/contracts/api";
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createAgentClient, type AgentClient } from "./client.ts";
import { readConnection } from "./compose/connection-file.ts";
import { pathsOf, type Paths } from "./paths.ts";

export interface ConnectedAgent {
  readonly client: AgentClient;
  readonly connection: Connection;
  /** Whether this call started it. */
  readonly started: boolean;
}

/** The agent's log begins anew at a start that finds it longer than this, in bytes. */
const longestLog = 10 * 1024 * 1024;
/** One that cannot start ends by itself, with its reason in the log; this is for a machine that is busy beyond measure. */
const startLimitMs = 90_000;

/**
 * Finds the agent of this installation, or starts a detached one. Throws `agent-unreachable` when none runs and none could be
 * started (with the end of its log), `version-mismatch` when one of another API version runs.
 */
export async function connectAgent(options: {
  start: boolean;
  signal: AbortSignal;
  paths?: Paths;
  onStart?: () => void;
}): Promise<ConnectedAgent> {
  const paths = options.paths ?? pathsOf();
  const found = await reach(paths, options.signal);
  if (found !== undefined) return { ...checked(found), started: false };
  if (!options.start)
    throw new CloudSmithError("agent-unreachable", "CloudSmith is not running", {
      fix: "Start it: cloudsmith agent start",
    });
  options.onStart?.();
  const child = startDetached(paths);
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(startLimitMs)]);
  while (!limit.aborted) {
    const up = await reach(paths, limit);
    if (up !== undefined) return { ...checked(up), started: true };
    const code = child.exitCode();
    if (code !== null && code !== agentAlreadyRunning) break;
    await wait(20, undefined, { signal: limit }).catch(() => undefined);
  }
  options.signal.throwIfAborted();
  throw new CloudSmithError("agent-unreachable", "CloudSmith could not be started", {
    why: lastLines(paths.agentLog),
    fix: `See ${paths.agentLog}, or run: cloudsmith doctor`,
  });
}

async function reach(paths: Paths, signal: AbortSignal): Promise<Connection | undefined> {
  const connection = await readConnection(paths.connection);
  if (connection === undefined) return undefined;
  try {
    const response = await fetch(`${connection.url}/api/system/info`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(3000)]),
    });
    const info: unknown = await response.json();
    // Another program may have got the port of an agent that is gone.
    return typeof info === "object" && info !== null && "pid" in info && info.pid === connection.pid
      ? connection
      : undefined;
  } catch {
    return undefined;
  }
}

function checked(connection: Connection): { client: AgentClient; connection: Connection } {
  if (connection.apiVersion !== apiVersion) {
    throw new CloudSmithError("version-mismatch", "An agent of another version is running", {
      why: `It is version ${connection.version}`,
      fix: "Stop it: cloudsmith agent stop",
    });
  }
  return { client: createAgentClient(connection), connection };
}

/** Starts the agent in a session of its own, so that it outlives this command and its terminal. */
function startDetached(paths: Paths): { exitCode(): number | null } {
  mkdirSync(paths.home, { recursive: true, mode: 0o700 });
  rotateLog(paths.agentLog);
  const log = openSync(paths.agentLog, "a", 0o600);
  const isSource = import.meta.url.endsWith(".ts");
  const entry = fileURLToPath(new URL(isSource ? "./main.ts" : "./agent.mjs", import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry, "--data", paths.home], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: paths.home,
    env: agentEnvironment(paths),
    windowsHide: true,
  });
  closeSync(log);
  child.unref();
  return { exitCode: () => child.exitCode };
}

/** The command's environment without the token that is meant for one deployment: the agent and the keeper would carry it for as long as they live. */
function agentEnvironment(paths: Paths): NodeJS.ProcessEnv {
  const { CLOUDSMITH_GIT_TOKEN: _token, ...environment } = process.env;
  // Node keeps its compiled modules there, the stripped types too: the next start takes about half the time.
  return { ...environment, NODE_COMPILE_CACHE: join(paths.cache, "node") };
}

/** Keeps the log of the last runs and one full file before it. */
function rotateLog(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > longestLog) renameSync(file, `${file}.1`);
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  } catch {
    return "It left no log";
  }
}
