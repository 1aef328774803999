import { randomUUID } from "node:crypto";
import type { LogLine } from "@cloudsmith/logs";
import { runSupervised } from "./run-supervised.ts";

export interface RunCommandOptions {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: (line: LogLine) => void;
  readonly signal: AbortSignal;
  readonly seconds: number;
  /** Of the whole process tree; 4096 where it is not given. */
  readonly memoryMb?: number;
}

export interface RunCommandResult {
  readonly exit: { readonly code: number | null; readonly signal: string | null };
  readonly timedOut: boolean;
}

/** Runs one command by argv, such as a release's, with bounds on time, memory and output; when it ends, so does everything it started. */
export async function runCommand(options: RunCommandOptions): Promise<RunCommandResult> {
  const result = await runSupervised(
    { argv: [...options.argv] },
    {
      cwd: options.cwd,
      env: options.env,
      buildId: randomUUID(),
      limits: { seconds: options.seconds, memoryMb: options.memoryMb ?? 4096, outputBytes: 20e6 },
      signal: options.signal,
      log: options.log,
    },
  );
  options.signal.throwIfAborted();
  return { exit: { code: result.code, signal: result.signal }, timedOut: result.stopped === "timeout" };
}
