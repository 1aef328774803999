import type { CauseMatch, CauseRow } from "./cause-row.ts";
import { causes } from "./causes.ts";
import { isLivedWith, isQuiet } from "./quiet.ts";
import type { Scope } from "./scopes.ts";

const longest = 4000;
const nearLines = 8;
/** Of matches of one row in a failing run, those this close to the last are one failure. */
const sameFailure = 25;

const ofSeveralLines = new Set(
  causes.flatMap((row) => row.lines).filter((pattern) => pattern.source.includes(String.raw`\n`)),
);

interface Search {
  readonly lines: readonly string[];
  readonly running: boolean;
  /** False for matches that something else disproves. */
  readonly believes: (match: CauseMatch) => boolean;
}

/** What a known cause of the table explains of a log, in the scopes given; undefined where none does. */
export function findCause(search: Search, scopes: readonly Scope[]): CauseMatch | undefined {
  for (const patient of [false, true]) {
    for (const scope of scopes) {
      const matches = matchesIn(search, scope, patient);
      const found = scope.prefer === "first" ? matches[0] : latest(matches);
      if (found !== undefined) return named(found, matches);
      if (scope.strict) break;
    }
  }
  return undefined;
}

/** For each row in the order of the table its matches in the order of the log. */
function matchesIn({ lines, running, believes }: Search, scope: Scope, patient: boolean): CauseMatch[] {
  const phase = running ? "run" : "build";
  const rows = causes.filter(
    (row) => (row.when === "any" || row.when === phase) && (!patient || row.persists === true),
  );
  const usable = lines.flatMap((text, line) =>
    line < scope.from ||
    line >= scope.to ||
    text === "" ||
    text.length > longest ||
    isQuiet(text) ||
    (!patient && isLivedWith(text))
      ? []
      : [line],
  );
  return rows.flatMap((row) =>
    usable.flatMap((line) => {
      const match = matchLine(row, lines, line);
      return match !== undefined && believes(match) ? [match] : [];
    }),
  );
}

function matchLine(row: CauseRow, lines: readonly string[], line: number): CauseMatch | undefined {
  const text = lines[line] ?? "";
  if (row.unless?.test(text) === true) return undefined;
  for (const pattern of row.lines) {
    const match = pattern.exec(ofSeveralLines.has(pattern) ? lines.slice(line, line + 5).join("\n") : text);
    // Of a text of several lines the match has to begin in the first: the others have their own turn.
    if (match === null || match.index > text.length) continue;
    if (row.near !== undefined && !isNear(row.near, lines, line)) return undefined;
    return { row, what: (match.groups?.["what"] ?? "").trim(), line, text };
  }
  return undefined;
}

function isNear(pattern: RegExp, lines: readonly string[], line: number): boolean {
  return lines.slice(Math.max(0, line - nearLines), line + nearLines + 1).some((text) => pattern.test(text));
}

/** A tool's code for a failure comes before the line that names the package. */
function named(found: CauseMatch, matches: readonly CauseMatch[]): CauseMatch {
  if (found.what !== "") return found;
  const isSame = ({ row, what, line }: CauseMatch): boolean =>
    row === found.row && what !== "" && line > found.line && line <= found.line + sameFailure;
  return matches.find(isSame) ?? found;
}

/** Of a process that ended: what it said last is why; the row's first line of the same failure shows it best. */
function latest(matches: readonly CauseMatch[]): CauseMatch | undefined {
  const lastLine = Math.max(...matches.map(({ line }) => line));
  const last = matches.find(({ line }) => line === lastLine);
  return matches.find(({ row, line }) => row === last?.row && line >= lastLine - sameFailure);
}
