/** One `NAME=value` of a `.env` file. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
  /** Comment lines directly above, and the one behind the value; null without. */
  readonly comment: string | null;
}

export interface EnvFile {
  /** In their order; a name that stands twice is here twice. */
  readonly entries: readonly EnvEntry[];
  /** Lines that set nothing and are no comment. */
  readonly unread: readonly { readonly line: number; readonly text: string }[];
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=[^\S\n]*/;

/**
 * Reads the text of a `.env` file as the dotenv family does: `export` is allowed, quotes (also over lines) keep what is in them, `\n` is a line
 * end inside of double quotes, and an unquoted value ends at `#`.
 */
export function parseEnvFile(text: string): EnvFile {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const entries: EnvEntry[] = [];
  const unread: { line: number; text: string }[] = [];
  let comment: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const trimmed = line.trim();
    const found = assignment.exec(line);
    if (found !== null) {
      const { value, behind, moreLines } = readValue(lines, index, found[0].length);
      const words = [...comment, ...(behind === "" ? [] : [behind])].filter((each) => each !== "").join(" ");
      entries.push({ name: found[1] ?? "", value, line: index + 1, comment: words === "" ? null : words });
      index += moreLines;
    } else if (trimmed !== "" && !trimmed.startsWith("#")) unread.push({ line: index + 1, text: trimmed });
    comment = found === null && trimmed.startsWith("#") ? [...comment, withoutHash(trimmed)] : [];
  }
  return { entries, unread };
}

/** The values by name, as a program gets them: the last one of a name counts. */
export function envValues(file: EnvFile): Record<string, string> {
  return Object.fromEntries(file.entries.map(({ name, value }) => [name, value]));
}

interface ReadValue {
  readonly value: string;
  readonly behind: string;
  readonly moreLines: number;
}

function readValue(lines: readonly string[], index: number, from: number): ReadValue {
  const rest = (lines[index] ?? "").slice(from);
  const quote = /^["'`]/.exec(rest)?.[0];
  const quoted = quote === undefined ? undefined : readQuoted(rest, lines.slice(index + 1), quote);
  if (quoted !== undefined) return quoted;
  const hash = rest.indexOf("#");
  return hash === -1
    ? { value: rest.trim(), behind: "", moreLines: 0 }
    : { value: rest.slice(0, hash).trim(), behind: withoutHash(rest.slice(hash)), moreLines: 0 };
}

/** Undefined where the quote is never closed: then it is a part of the value. */
function readQuoted(first: string, following: readonly string[], quote: string): ReadValue | undefined {
  let text = first;
  for (let moreLines = 0; ; moreLines++) {
    const end = closing(text, quote);
    if (end !== -1) {
      const inner = text.slice(1, end);
      const behind = /^\s*#/.test(text.slice(end + 1)) ? withoutHash(text.slice(end + 1).trim()) : "";
      return { value: quote === '"' ? unescapeText(inner) : inner, behind, moreLines };
    }
    const next = following[moreLines];
    if (next === undefined) return undefined;
    text += `\n${next}`;
  }
}

function closing(text: string, quote: string): number {
  for (let at = 1; at < text.length; at++) {
    if (text[at] === quote && !(quote === '"' && text[at - 1] === "\\")) return at;
  }
  return -1;
}

const escapes: Readonly<Record<string, string>> = { "\\n": "\n", "\\r": "\r", '\\"': '"' };

function unescapeText(text: string): string {
  return text.replace(/\\[nr"]/g, (found) => escapes[found] ?? found);
}

function withoutHash(text: string): string {
  return text.replace(/^#+\s*/, "").trim();
}
