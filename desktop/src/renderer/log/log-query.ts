/** What a person looks for in a log. */
export interface LogQuery {
  readonly text: string;
  readonly matchCase: boolean;
  readonly regex: boolean;
}

export interface Marked {
  readonly from: number;
  readonly to: number;
}

/** A pattern in the form that the server takes: `/source/` or `/source/i`. Undefined where nothing is looked for. */
export function grepOf({ text, matchCase, regex }: LogQuery): string | undefined {
  if (text === "") return undefined;
  return `/${regex ? text : escaped(text)}/${matchCase ? "" : "i"}`;
}

/** Why a pattern cannot be looked for, in the words of the machine; undefined where it can. */
export function problemOf({ text, regex }: LogQuery): string | undefined {
  if (!regex) return undefined;
  try {
    RegExp(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : String(error);
  }
}

/** A text longer than this is not searched for what to mark in it: some patterns take too long. */
const mostMarked = 4000;

/** Where a line's text matches. Meant for lines that the server found, which it did within its own time limit. */
export function marksIn(text: string, query: LogQuery): Marked[] {
  if (query.text === "" || text.length > mostMarked || problemOf(query) !== undefined) return [];
  const source = query.regex ? query.text : escaped(query.text);
  const marks: Marked[] = [];
  for (const match of text.matchAll(new RegExp(source, query.matchCase ? "g" : "gi")))
    if (match[0] !== "") marks.push({ from: match.index, to: match.index + match[0].length });
  return marks;
}

/** The text as a pattern that means itself. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
