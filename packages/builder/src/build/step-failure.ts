import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Command, Failure } from "@cloudsmith/contracts";
import { diagnose } from "../diagnose/diagnose.ts";
import { commandText } from "../plan/draft.ts";
import type { BuildContext } from "./build-context.ts";
import type { StepResult } from "./run-step.ts";

/** Why a command of the build failed: by what stopped it, else by its log. */
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
      suggestion: { limits: { buildSeconds: context.limits.seconds * 2 } },
    };
  }
  if (result.stopped === "disk") {
    return {
      code: "disk-full",
      message: `The build wrote more than ${context.limits.diskMb} MB and was stopped`,
      fix: "Find out what writes so much, or raise the disk limit of builds",
    };
  }
  const failure = diagnose({
    stage: "building",
    plan: context.plan,
    log: result.lines,
    exit: { code: result.code, signal: result.signal },
    facts: {
      variables: Object.keys(context.env).filter((variable) => context.env[variable] !== ""),
      root: context.folder.source,
    },
  });
  const placed = failure.logLine === undefined ? failure : { ...failure, logLine: failure.logLine + result.logStart };
  return asCaseMismatch(placed, result.lines, context.appRoot) ?? placed;
}

/** A file that is imported and missing may be there in other capitals, which only some platforms forgive. */
function asCaseMismatch(failure: Failure, lines: readonly string[], appRoot: string): Failure | undefined {
  if (failure.code !== "module-not-found") return undefined;
  const missing = /["'`](\.{1,2}\/[^"'`]+|@\/[^"'`]+|~\/[^"'`]+)["'`]/.exec(failure.cause ?? "")?.[1];
  if (missing === undefined) return undefined;
  const wanted = basename(missing).replace(/\.[cm]?[jt]sx?$/, "");
  const importer = lines
    .map((line) => /(?:^|[\s"'(])((?:\.\/|\/)?[\w./@-]+\.(?:[cm]?[jt]sx?|vue|svelte))/.exec(line)?.[1])
    .find((file) => file !== undefined);
  const folders = [
    join(appRoot, dirname(importer?.replace(appRoot, "") ?? ""), dirname(missing)),
    join(appRoot, dirname(missing.replace(/^[@~]\//, "src/"))),
  ];
  for (const folder of folders) {
    const found = names(folder).find(
      (name) =>
        name.replace(/\.\w+$/, "").toLowerCase() === wanted.toLowerCase() && name.replace(/\.\w+$/, "") !== wanted,
    );
    if (found !== undefined && folder.startsWith(appRoot)) {
      return {
        ...failure,
        code: "case-mismatch",
        message: `${missing} is imported, and the file is named ${found}`,
        fix: "Write the import as the file is named: this platform tells capitals apart",
      };
    }
  }
  return undefined;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // The folder itself is missing: then it is not a matter of capitals.
    return [];
  }
}
