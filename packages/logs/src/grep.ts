import { stripVTControlCharacters } from "node:util";
import vm from "node:vm";
import { CloudSmithError } from "@cloudsmith/contracts";
import type { PositionedLine } from "./log-store.ts";

/** The most time that the regular expression of one read may take, in milliseconds. */
const budgetMs = 1000;
const maxPatternLength = 500;
const asPattern = /^\/(.+)\/(i?)$/s;

export interface LineFilter {
  /** False when surely no line of these stored bytes matches. */
  mayMatch(stored: Buffer): boolean;
  pick(lines: readonly PositionedLine[]): readonly PositionedLine[];
}

/** What `grep` asks for. Errors: `invalid-input` when the pattern is none, or takes too long. */
export function lineFilter(grep: string | undefined): LineFilter | undefined {
  if (grep === undefined || grep === "") return undefined;
  const match = asPattern.exec(grep);
  return match === null ? textFilter(grep) : patternFilter(match[1] ?? "", match[2] ?? "");
}

function textFilter(text: string): LineFilter {
  return {
    // ANSI codes may stand inside of the text that is looked for.
    mayMatch: (stored) => stored.includes(0x1b) || stored.includes(text),
    pick: (lines) => lines.filter((line) => plain(line.text).includes(text)),
  };
}

/** Some expressions take exponential time, so they run where they can be stopped: under the time limit of a vm script. */
function patternFilter(source: string, flags: string): LineFilter {
  const pattern = compile(source, flags);
  const context = vm.createContext({ matches: (text: string) => pattern.test(text), texts: [], hits: [] });
  const script = new vm.Script("hits = texts.map(matches)");
  let left = budgetMs;
  return {
    mayMatch: () => true,
    pick(lines) {
      const started = performance.now();
      context["texts"] = lines.map((line) => plain(line.text));
      try {
        script.runInContext(context, { timeout: Math.max(Math.ceil(left), 1) });
      } catch (error) {
        throw tooSlow(error);
      }
      left -= performance.now() - started;
      const hits: unknown = context["hits"];
      return Array.isArray(hits) ? lines.filter((_line, index) => hits[index] === true) : [];
    },
  };
}

function compile(source: string, flags: string): RegExp {
  try {
    if (source.length > maxPatternLength) throw new Error(`it is longer than ${maxPatternLength} characters`);
    return new RegExp(source, flags);
  } catch (error) {
    throw new CloudSmithError("invalid-input", "The pattern to look for is not valid", {
      why: error instanceof Error ? error.message : String(error),
      fix: "Correct the pattern, or leave the slashes away to look for plain text",
      cause: error,
    });
  }
}

function tooSlow(error: unknown): CloudSmithError {
  return new CloudSmithError("invalid-input", "The pattern takes too long on this log", {
    why: `It was stopped after ${budgetMs / 1000} s`,
    fix: "Use a simpler pattern without nested repetitions, or plain text without slashes",
    cause: error,
  });
}

function plain(text: string): string {
  return text.includes("\u001b") ? stripVTControlCharacters(text) : text;
}
