import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "@cloudsmith/contracts";
import { commandText } from "../plan/draft.ts";
import { runSupervised, type CommandResult } from "../process/run-supervised.ts";
import type { BuildContext } from "./build-context.ts";
import { StepFailed } from "./step-failed.ts";
import { stepFailure } from "./step-failure.ts";

export interface StepResult extends CommandResult {
  /** Lines of the log before this command's own. */
  readonly logStart: number;
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
  const logStart = context.lineCount();
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
  return { ...result, lines, logStart };
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
