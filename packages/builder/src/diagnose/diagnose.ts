import { stripVTControlCharacters } from "node:util";
import type { BuildPlan, Failure, Stage } from "@cloudsmith/contracts";
import { excerptAt, withBestLines } from "./best-lines.ts";
import type { CauseMatch, Facts } from "./cause-row.ts";
import { causeTexts } from "./cause-texts.ts";
import { explainByFacts } from "./explain-by-facts.ts";
import { explainRun } from "./explain-run.ts";
import { findCause } from "./find-cause.ts";
import { locate, shortPath } from "./locate.ts";
import { scopesOf } from "./scopes.ts";
import { variableInCode } from "./variable-in-code.ts";

export interface DiagnoseInput {
  readonly stage: Stage;
  readonly plan: BuildPlan;
  /** Lines as they were written. */
  readonly log: readonly string[];
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
  readonly facts?: Facts;
}

/** Of a longer log the last lines are read. */
const mostLines = 10_000;

/**
 * Says why a stage failed, from what was seen of it, its log and its exit. Pure.
 * Where no known cause fits, the code is `build-failed`, `release-command-failed`, `exits-at-start` or `crashed`, and the lines that tell most are shown.
 */
export function diagnose(input: DiagnoseInput): Failure {
  const skipped = Math.max(0, input.log.length - mostLines);
  const lines = input.log.slice(skipped).map((line) => stripVTControlCharacters(line).trimEnd());
  const failure = explain(input, lines);
  return failure.logLine === undefined ? failure : { ...failure, logLine: failure.logLine + skipped };
}

function explain(input: DiagnoseInput, lines: readonly string[]): Failure {
  const running = input.stage === "verifying" || input.stage === "releasing";
  const byFacts = explainByFacts(input, lines, running);
  if (byFacts !== undefined) return byFacts;
  const scopes = scopesOf(lines, running, input.facts?.timedOut !== true && input.exit !== undefined);
  const found = findCause({ lines, running, believes: (match) => isBelieved(match, input) }, scopes);
  if (found !== undefined) return tell(found, lines, input);
  const variable = variableInCode(lines, scopes[0]?.from ?? 0, input, running);
  if (variable !== undefined) return { ...variable, ...shown(lines, variable.logLine) };
  return running ? explainRun(lines, input, scopes) : explainBuild(lines, input);
}

/** A variable that has a value is not missing; drift needs a package without a lockfile. */
function isBelieved({ row, what }: CauseMatch, { facts, plan }: DiagnoseInput): boolean {
  if (row.code === "variable-missing-at-run" || row.code === "variable-missing-at-build")
    return facts?.variables?.includes(what) !== true;
  if (row.code === "dependency-drift") return plan.packageManager?.lockfile == null;
  return true;
}

function tell(match: CauseMatch, lines: readonly string[], input: DiagnoseInput): Failure {
  const { row, line } = match;
  const what = readable(match.what, input);
  const suggestion = row.suggest?.(what, input.plan);
  const place = row.locate === undefined ? undefined : locate(lines, line, row.locate, input.facts?.root);
  const message = what === "" ? (row.plain ?? row.message.replace(/:? ?\(?\{what\}\)?/, "")) : row.message;
  return {
    code: row.code,
    message: `${fill(message, what)}${place === undefined || what.includes(place) ? "" : ` (${place})`}`,
    fix: fill(fixOf(match, what, input), what === "" ? unnamed(row.code) : what),
    ...shown(lines, line),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** Packages are fixed where package.json has them, if that is known; for a variable without a name those that the repository names are offered. */
function fixOf({ row }: CauseMatch, what: string, { facts, plan }: DiagnoseInput): string {
  if (row.code.startsWith("variable-missing") && what === "" && plan.expects.length > 0)
    return `Set what the repository's example names and has no value: ${plan.expects.slice(0, 12).join(", ")}`;
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(what)?.[0] ?? what;
  if (row.code === "module-missing-in-production" && row.fix === undefined && facts?.packages !== undefined) {
    if (facts.packages.devDependencies.includes(name))
      return `Move ${name} from devDependencies to dependencies and commit the lockfile`;
    if (!facts.packages.dependencies.includes(name)) return `Add ${name} to dependencies and commit the lockfile`;
  }
  return row.fix ?? causeTexts[row.code].fix;
}

function unnamed(code: string): string {
  return code.startsWith("variable-missing") ? "NAME" : "it";
}

/** What was named, as a person writes it: an escaped slash is a slash, the folder of the build is not part of a path. */
function readable(what: string, { facts }: DiagnoseInput): string {
  const plain = what
    .replace(/%2[fF]/g, "/")
    .replace(/^%40/, "@")
    .replace(/(?<=\w)[,;.]$/, "")
    .slice(0, 200);
  return plain.startsWith("/") && !plain.includes(" ") ? shortPath(plain, facts?.root) : plain;
}

function fill(text: string, what: string): string {
  return text.replaceAll("{what}", () => what);
}

function shown(lines: readonly string[], line: number | undefined): Pick<Failure, "cause" | "logLine" | "excerpt"> {
  if (line === undefined) return {};
  return { cause: (lines[line] ?? "").trim().slice(0, 500), logLine: line, excerpt: excerptAt(lines, line) };
}

function explainBuild(lines: readonly string[], { exit }: DiagnoseInput): Failure {
  if (exit?.signal === "SIGKILL" || exit?.code === 137)
    return withBestLines(lines, {
      code: "build-killed",
      message: "The build was killed from outside, most often for want of memory",
      fix: causeTexts["build-killed"].fix,
    });
  const how = exit?.code == null ? "" : ` (exit code ${exit.code})`;
  return withBestLines(lines, {
    code: "build-failed",
    message: `The build failed${how}, and the cause is none that CloudSmith knows`,
    fix: causeTexts["build-failed"].fix,
  });
}
