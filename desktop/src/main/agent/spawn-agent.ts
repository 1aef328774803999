import { installationFiles } from "@cloudsmith/contracts";
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AgentProgram } from "./agent-program.ts";

/** The agent's log begins anew at a start that finds it longer than this, in bytes. */
const longestLog = 10 * 1024 * 1024;

export interface SpawnedAgent {
  readonly pid: number | undefined;
  /** Exit code once it has ended; null while it runs. */
  exitCode(): number | null;
  /** Why it could not be started at all. */
  startError(): Error | undefined;
}

/** Starts the agent in a session of its own, so that it outlives the app. */
export function spawnAgent({ node, entry }: AgentProgram, home: string): SpawnedAgent {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const logFile = join(home, installationFiles.agentLog);
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > longestLog) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, "a", 0o600);
  let startError: Error | undefined;
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", entry, "--data", home], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: home,
    env: agentEnvironment(home),
    windowsHide: true,
  });
  child.on("error", (error) => (startError = error));
  closeSync(log);
  child.unref();
  // A signal leaves no exit code, but it has ended all the same.
  return {
    pid: child.pid,
    exitCode: () => child.exitCode ?? (child.signalCode === null ? null : 1),
    startError: () => startError,
  };
}

/** What the agent inherits: not what was set for Electron alone. */
function agentEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(ELECTRON_|CHROME_|NODE_OPTIONS$|GTK_|GDK_)/.test(name),
  );
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: join(home, "cache", "node") };
}
