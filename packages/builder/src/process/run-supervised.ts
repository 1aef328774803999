import { spawn } from "node:child_process";
import type { Command } from "@cloudsmith/contracts";
import type { LogLine } from "@cloudsmith/logs";
import { buildMarker, killTree } from "./kill-tree.ts";
import { lineReader } from "./line-reader.ts";
import { workMark } from "./orphaned-work.ts";
import { processTable, treeOf } from "./process-table.ts";

export interface CommandLimits {
  readonly seconds: number;
  readonly memoryMb: number;
  /** Bytes of log; what comes after is dropped with a note. */
  readonly outputBytes: number;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Marks every process of the build, so that none escapes. */
  readonly buildId: string;
  readonly limits: CommandLimits;
  readonly signal: AbortSignal;
  readonly log: (line: LogLine) => void;
  /** Asked now and then; a text stops the command. */
  readonly check?: () => string | undefined;
}

export type StopReason = "timeout" | "memory" | "disk" | "aborted" | "not-found";

export interface CommandResult {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why CloudSmith stopped it, if it did. */
  readonly stopped: StopReason | undefined;
}

const pollMilliseconds = 500;
const drainMilliseconds = 1000;

/** Argv of a command; a script that the repository or its owner wrote goes to a shell. */
export function commandArgv(command: Command): [string, ...string[]] {
  if ("argv" in command) {
    const [program = "", ...rest] = command.argv;
    return [program, ...rest];
  }
  return process.platform === "win32"
    ? ["cmd.exe", "/d", "/s", "/c", command.script]
    : ["/bin/sh", "-c", command.script];
}

/** Runs a command in a process group of its own with bounds on time, memory and output. When it ends, so does everything it started. */
export async function runSupervised(command: Command, options: RunOptions): Promise<CommandResult> {
  options.signal.throwIfAborted();
  const [program, ...args] = commandArgv(command);
  const { promise, resolve } = Promise.withResolvers<{
    code: number | null;
    signal: string | null;
    missing?: boolean;
  }>();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.env, ...workMark(), [buildMarker]: options.buildId },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const write = boundedLog(options.log, options.limits.outputBytes);
  const drained = Promise.all([
    lineReader(child.stdout, (text) => write("stdout", text)),
    lineReader(child.stderr, (text) => write("stderr", text)),
  ]);
  let stopped: StopReason | undefined;
  const stop = (reason: StopReason): void => {
    stopped ??= reason;
    void killTree(child.pid, options.buildId);
  };
  child.on("error", (error: NodeJS.ErrnoException) => {
    stopped ??= error.code === "ENOENT" || error.code === "EACCES" ? "not-found" : undefined;
    write("system", `${program} could not be started: ${error.message}`);
    resolve({ code: 127, signal: null });
  });
  child.on("exit", (code, signal) => resolve({ code, signal }));
  const abort = (): void => stop("aborted");
  options.signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => stop("timeout"), options.limits.seconds * 1000);
  const watch = watchTree(child.pid, options, stop);
  try {
    const ended = await promise;
    // A daemon may hold the pipes open for ever; what was written before the exit comes within this time.
    await Promise.race([drained, new Promise((done) => setTimeout(done, drainMilliseconds).unref())]);
    return { code: ended.code, signal: ended.signal, stopped };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    options.signal.removeEventListener("abort", abort);
    await killTree(child.pid, options.buildId);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function watchTree(pid: number | undefined, options: RunOptions, stop: (reason: StopReason) => void): NodeJS.Timeout {
  let busy = false;
  return setInterval(() => {
    if (busy || pid === undefined) return;
    busy = true;
    void processTable()
      .then((table) => {
        const bytes = treeOf(table, pid).reduce((total, row) => total + row.residentBytes, 0);
        if (bytes > options.limits.memoryMb * 1024 * 1024) stop("memory");
        else if (options.check?.() !== undefined) stop("disk");
      })
      .finally(() => {
        busy = false;
      });
  }, pollMilliseconds);
}

function boundedLog(log: (line: LogLine) => void, limit: number): (stream: LogLine["stream"], text: string) => void {
  let written = 0;
  return (stream, text) => {
    if (written > limit) return;
    written += Buffer.byteLength(text) + 1;
    const at = new Date().toISOString();
    if (written > limit)
      log({ at, stream: "system", text: `The log passed ${Math.round(limit / 1e6)} MB; the rest is left out` });
    else log({ at, stream, text });
  };
}
