import { stripVTControlCharacters } from "node:util";
import type { BuildPlan, Failure, Stage } from "@cloudsmith/contracts";
import { commandText } from "../plan/draft.ts";
import type { CauseRow } from "./cause-row.ts";
import { causes } from "./causes.ts";

export interface DiagnoseInput {
  readonly stage: Stage;
  readonly plan: BuildPlan;
  /** Lines as they were written. */
  readonly log: readonly string[];
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
  readonly facts?: {
    readonly listening?: readonly { readonly host: string; readonly port: number }[];
    readonly httpStatus?: number;
    readonly timedOut?: boolean;
  };
}

interface Found {
  readonly row: CauseRow;
  readonly what: string;
  readonly line: number;
}

/** Lines that say that something failed and not what. */
const noise =
  /^(npm (ERR!|error)( (code|errno|path|command|signal|A complete log|This is probably not)|\s*$| Lifecycle script| Exit status| in workspace| at location| enoent)|error Command failed with exit code|info Visit|> |\s*$|\s*at |Node\.js v|ELIFECYCLE| ELIFECYCLE|Error: Command .* exited)/;
const telling =
  /\b(error|fatal|exception|panic|cannot|can't|failed|failure|refused|denied|unable|invalid|missing|not found)\b/i;
const warning = /^\s*(npm (warn|WARN)|warn(ing)?\b|⚠|\(node:\d+\) |DeprecationWarning)|: warning[: ]/i;
const excerptLines = 12;

/** Says why a stage failed, from its log, its exit and what was seen of the app. Pure. Where no known cause fits it says so and shows the lines that tell most. */
export function diagnose(input: DiagnoseInput): Failure {
  const lines = input.log.map((line) => stripVTControlCharacters(line));
  const found = findCause(lines, input);
  const running = input.stage === "verifying" || input.stage === "releasing";
  if (found !== undefined) return explain(found, lines, input.plan);
  return running ? explainRun(lines, input) : explainBuild(lines, input);
}

/** The first row of the table with a line that matches; of its lines the first. */
function findCause(lines: readonly string[], input: DiagnoseInput): Found | undefined {
  const phase = input.stage === "verifying" || input.stage === "releasing" ? "run" : "build";
  for (const row of causes) {
    if (row.when !== "any" && row.when !== phase) continue;
    for (const [line, text] of lines.entries()) {
      if (text.length > 4000 || warning.test(text) || row.unless?.test(text) === true) continue;
      const match = row.line.exec(text);
      if (match !== null) return { row, what: match.slice(1).find((group) => group !== undefined) ?? "", line };
    }
  }
  return undefined;
}

function explain(found: Found, lines: readonly string[], plan: BuildPlan): Failure {
  const { row, what, line } = found;
  const suggestion = row.suggest?.(what, plan);
  return {
    code: row.code,
    message: fill(row.message, what),
    cause: (lines[line] ?? "").trim().slice(0, 500),
    fix: fill(row.fix, what === "" ? "it" : what),
    logLine: line,
    excerpt: excerptAt(lines, line),
    ...(suggestion !== undefined && { suggestion }),
  };
}

function fill(text: string, what: string): string {
  if (what !== "") return text.replaceAll("{what}", what.slice(0, 200));
  return text
    .replace(/ \(\{what\}\)|: \{what\}/g, "")
    .replaceAll("the variable {what}", "a variable")
    .replaceAll("the package {what}", "a package")
    .replaceAll("{what}", "something");
}

function explainBuild(lines: readonly string[], input: DiagnoseInput): Failure {
  const { exit } = input;
  if (exit?.signal === "SIGKILL" || exit?.code === 137) {
    return withBestLines(lines, {
      code: "build-killed",
      message: "The build was killed from outside, most often for want of memory",
      fix: "Free memory on this machine or give builds more, then deploy again",
    });
  }
  const how = exit?.code == null ? "" : ` (exit code ${exit.code})`;
  return withBestLines(lines, {
    code: "build-failed",
    message: `The build failed${how}, and the cause is none that CloudSmith knows`,
    fix: "Look at the lines below; the same command fails locally in a fresh clone",
  });
}

function explainRun(lines: readonly string[], input: DiagnoseInput): Failure {
  const { exit, facts, plan, stage } = input;
  const start = plan.serve.type === "process" ? commandText(plan.serve.start) : "";
  if (stage === "releasing")
    return withBestLines(lines, {
      code: "release-command-failed",
      message: `The release command failed${exitText(exit)}`,
      fix: "Look at the lines below, correct the command or what it needs, and deploy again; nothing was switched",
    });
  if (facts?.httpStatus !== undefined && facts.httpStatus >= 500) {
    return withBestLines(lines, {
      code: "health-server-error",
      message: `The app answers ${plan.health.path} with status ${facts.httpStatus}`,
      fix: "See the app's log for the error behind it",
    });
  }
  if (facts?.httpStatus !== undefined && facts.httpStatus >= 400) {
    return withBestLines(lines, {
      code: "health-client-error",
      message: `The app answers ${plan.health.path} with status ${facts.httpStatus}`,
      fix: "Set health.path to a path that answers, for example in cloudsmith.json",
    });
  }
  if (exit !== undefined) return explainExit(lines, start, exit);
  if (facts?.timedOut === true) return explainSilence(lines, input);
  return withBestLines(lines, {
    code: "crashed",
    message: "The app stopped working, and the cause is none that CloudSmith knows",
    fix: "Look at the lines below",
  });
}

function explainExit(lines: readonly string[], start: string, exit: NonNullable<DiagnoseInput["exit"]>): Failure {
  if (exit.signal === "SIGKILL" || exit.code === 137) {
    return withBestLines(lines, {
      code: "out-of-memory",
      message: "The app was killed, most often for want of memory",
      fix: "Give it more memory (limits.memoryMb)",
    });
  }
  if (exit.code === 127) {
    return withBestLines(lines, {
      code: "start-command-not-found",
      message: `The start command was not found: ${start}`,
      fix: "Correct the start command in package.json, a Procfile or cloudsmith.json",
    });
  }
  if (lines.every((line) => line.trim() === "")) {
    return {
      code: "exits-silently",
      message: `The app ended without a word${exitText(exit)}`,
      fix: `Check that ${start} starts a server and keeps running; a script that only exports an app does not`,
    };
  }
  if (exit.code === 0) {
    return withBestLines(lines, {
      code: "exits-at-start",
      message: "The app ended by itself and in good order: it is no server, or it does not stay",
      fix: `Check that ${start} starts a server and keeps running`,
    });
  }
  return withBestLines(lines, {
    code: "exits-at-start",
    message: `The app ended while it started${exitText(exit)}`,
    fix: "Look at the lines below; they are the app's own",
  });
}

function explainSilence(lines: readonly string[], { plan, facts }: DiagnoseInput): Failure {
  const listening = facts?.listening ?? [];
  if (listening.length === 0) {
    return withBestLines(lines, {
      code: "port-not-bound",
      message: `The app did not listen on any port within ${plan.health.startSeconds} s`,
      fix: "Let it listen on the port in the variable PORT; one that needs longer can be given time (health.startSeconds)",
      suggestion: { health: { startSeconds: Math.min(900, plan.health.startSeconds * 3) } },
    });
  }
  const where = listening.map(({ host, port }) => `${host}:${port}`).join(", ");
  return withBestLines(lines, {
    code: "health-timeout",
    message: `The app listens on ${where} and did not answer ${plan.health.path} within ${plan.health.startSeconds} s`,
    fix: "Check what it does with a first request; one that starts slowly can be given time (health.startSeconds)",
    suggestion: { health: { startSeconds: Math.min(900, plan.health.startSeconds * 3) } },
  });
}

function exitText(exit: DiagnoseInput["exit"]): string {
  if (exit?.signal != null) return ` (signal ${exit.signal})`;
  return exit?.code == null ? "" : ` (exit code ${exit.code})`;
}

/** The first line that tells something, with what follows it; the last lines where none does. */
function withBestLines(lines: readonly string[], failure: Failure): Failure {
  const first = lines.findIndex((line) => telling.test(line) && !noise.test(line) && !warning.test(line));
  if (first !== -1)
    return {
      ...failure,
      logLine: first,
      cause: (lines[first] ?? "").trim().slice(0, 500),
      excerpt: excerptAt(lines, first),
    };
  const last = lines.filter((line) => line.trim() !== "").slice(-excerptLines);
  return last.length === 0 ? failure : { ...failure, excerpt: last.map((line) => line.slice(0, 500)) };
}

function excerptAt(lines: readonly string[], line: number): string[] {
  return lines
    .slice(Math.max(0, line - 2), line + excerptLines)
    .filter((text) => text.trim() !== "")
    .map((text) => text.slice(0, 500));
}
