import type { Failure } from "@cloudsmith/contracts";
import { isQuiet } from "./quiet.ts";

/** Lines that say that something failed and not what. */
const noise =
  /^(?:npm (?:ERR!|error)(?: (?:code|errno|path|command|signal|A complete log|This is probably not)|\s*$| Lifecycle script| Exit status| in workspace| at location| enoent)|error Command failed with exit code|info Visit|> |\s*$|\s*at |\s+File "|Node\.js v|\s*ELIFECYCLE|\[ERROR\] \[Help|\[ERROR\] (?:Re-run|To see|For more)|error: could not compile|make: \*\*\*|(?:✗|x) Build failed in|\s*Installing build dependencies:|\s*(?:×|error: subprocess-exited|note: This error originates)|error during build:|\s*\^+\s*$)/;
const telling =
  /\b(?:\w*error|fatal|\w*exception|panic(?:ked)?|cannot|can't|failed|failure|refused|denied|unable|invalid|missing|not found|not implemented)\b/i;
const before = 4;
const longestExcerpt = 20;
const longestLine = 500;

/** At most twenty lines around one, without blank ones. */
export function excerptAt(lines: readonly string[], line: number): string[] {
  const head = lines.slice(Math.max(0, line - before), line).filter(isText);
  const tail = lines.slice(line).filter(isText);
  return [...head, ...tail].slice(0, longestExcerpt).map((text) => text.slice(0, longestLine));
}

/** Adds the first line that tells something, with what is around it; the last lines where none does. */
export function withBestLines(lines: readonly string[], failure: Failure, from = 0): Failure {
  const first = lines.findIndex((line, at) => at >= from && telling.test(line) && !noise.test(line) && !isQuiet(line));
  if (first !== -1)
    return {
      ...failure,
      logLine: first,
      cause: (lines[first] ?? "").trim().slice(0, longestLine),
      excerpt: excerptAt(lines, first),
    };
  const last = lines.filter((line) => isText(line) && !noise.test(line)).slice(-12);
  return last.length === 0 ? failure : { ...failure, excerpt: last.map((line) => line.slice(0, longestLine)) };
}

function isText(line: string): boolean {
  return line.trim() !== "";
}
