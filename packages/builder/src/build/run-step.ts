import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command, Failure } from "@cloudsmith/contracts";
import { diagnose } from "../diagnose/diagnose.ts";
import { commandText } from "../plan/draft.ts";
import { runSupervised, type CommandResult } from "../process/run-supervised.ts";
import type { BuildContext } from "./build-context.ts";
import { StepFailed } from "./run-build.ts";

export interface StepResult extends CommandResult {
  readonly lines: readonly string[];
}

/** Runs a command of the build within what is left of its time; throws StepFailed with a diagnosis where it fails. */
export async function runStep(context: BuildContext, command: Command, cwd: string): Promise<void> {
  const result = await tryStep(context, command, cwd);
  if (result.code !== 0 || result.stopped !== undefined) throw new StepFailed(stepFailure(context, command, result));
}

/** As `runStep`, but a command that fails is a result. */
export async function tryStep(context: BuildContext, command: Command, cwd: string): Promise<StepResult> {
  const lines: string[] = [];
  context.say(`$ ${commandText(command)}`);
  const result = await runSupervised(command, {
    cwd,
    env: context.env,
    buildId: context.folder.buildId,
    limits: {
      seconds: Math.max(1, (context.deadline - Date.now()) / 1000),
      memoryMb: context.limits.memoryMb,
      outputBytes: context.limits.outputBytes,
    },
    signal: context.signal,
    log: (line) => {
      lines.push(line.text);
      context.log(line);
    },
    check: diskCheck(context),
  });
  context.signal.throwIfAborted();
  return { ...result, lines };
}

export function stepFailure(context: BuildContext, command: Command, result: StepResult): Failure {
  const name = commandText(command);
  if (result.stopped === "memory") {
    return {
      code: "out-of-memory",
      message: `${name} used more than ${context.limits.memoryMb} MB of memory and was stopped`,
      fix: "Give builds more memory (limits.buildMemoryMb in cloudsmith.json or the project's settings)",
      suggestion: { limits: { buildMemoryMb: context.limits.memoryMb * 2 } },
    };
  }
  if (result.stopped === "timeout") {
    return {
      code: "build-timeout",
      message: `${name} was stopped: the build took more than ${context.limits.seconds} s`,
      fix: "See where the log stands still: a command that waits for input or never ends (a watcher, a server) must not be in the build. A slow build can be given more time (limits.buildSeconds)",
      excerpt: result.lines.slice(-5).map((line) => line.slice(0, 500)),
    };
  }
  if (result.stopped === "disk") {
    return {
      code: "disk-full",
      message: `The build wrote more than ${context.limits.diskMb} MB and was stopped`,
      fix: "Find out what writes so much, or raise the disk limit of builds",
    };
  }
  return diagnose({
    stage: "building",
    plan: context.plan,
    log: result.lines,
    exit: { code: result.code, signal: result.signal },
  });
}

const diskCheckEvery = 10;

/** Measures the work folder at every tenth asking: a walk over a big node_modules takes a while. */
function diskCheck(context: BuildContext): () => string | undefined {
  let asked = 0;
  return () => {
    asked += 1;
    if (asked % diskCheckEvery !== 0) return undefined;
    return folderMegabytes(context.folder.root, context.limits.diskMb) > context.limits.diskMb ? "disk" : undefined;
  };
}

function folderMegabytes(root: string, enough: number): number {
  let bytes = 0;
  const queue = [root];
  for (let folder = queue.pop(); folder !== undefined && bytes / 1e6 <= enough; folder = queue.pop()) {
    try {
      for (const item of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, item.name);
        if (item.isDirectory()) queue.push(path);
        else if (item.isFile()) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      }
    } catch {
      // Removed while it was read.
    }
  }
  return bytes / 1e6;
}
