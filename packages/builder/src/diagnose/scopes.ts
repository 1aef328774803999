/** A part of a log, by line numbers; `to` is exclusive. */
export interface Scope {
  readonly from: number;
  readonly to: number;
  /** Where it holds no known cause, the cause is unknown: what else the log says is not what ended it. */
  readonly strict: boolean;
  /** "first": the first line that matches a row counts; "latest": of all rows the one that matched last. */
  readonly prefer: "first" | "latest";
}

/** The words with which a wrapper repeats that something below it failed; a crash of such words explains nothing. */
const echo =
  /HaltServer|CalledProcessError|Command failed(?: with|:)|exited with (?:code|status|exit)|ELIFECYCLE|Build failed|Process exited|SystemExit|worker exited unexpectedly|BuildFailed/i;

const header = /^(?:file:\/\/\S+:\d+|\/\S+:\d+|node:[\w/]+:\d+|[A-Z]:\\\S+:\d+|\[?(?:eval|stdin)\]?:\d+)$/;
const traceback = "Traceback (most recent call last):";
const chained = /^(?:During handling of the above exception|The above exception was the direct cause)/;

/** The part of a log in which the failure stands, most telling first. */
export function scopesOf(lines: readonly string[], running: boolean, ended: boolean): readonly Scope[] {
  const all: Scope = { from: 0, to: lines.length, strict: false, prefer: running ? "latest" : "first" };
  const crash = crashStart(lines);
  const script = running ? undefined : lastScript(lines);
  return [
    ...(crash === undefined || !ended
      ? []
      : [
          {
            from: crash,
            to: lines.length,
            strict: !lines.slice(crash).some((line) => echo.test(line)),
            prefer: "first" as const,
          },
        ]),
    ...(script === undefined ? [] : [{ ...all, from: script }]),
    all,
  ];
}

/** Where the last uncaught error of the log begins: of Node, Python, Go, Rust, the JVM or Ruby. */
function crashStart(lines: readonly string[]): number | undefined {
  for (let line = lines.length - 1; line >= 0; line -= 1) {
    const text = lines[line] ?? "";
    if (/^Node\.js v\d/.test(text)) return nodeCrash(lines, line);
    if (text.startsWith(traceback)) return pythonCrash(lines, line);
    if (
      /^(?:panic: |fatal error: )(?!.*\.h:)|^thread '.*' (?:\(\d+\) )?panicked at |^Exception in thread "|^APPLICATION FAILED TO START/.test(
        text,
      )
    )
      return line;
  }
  return undefined;
}

function nodeCrash(lines: readonly string[], end: number): number | undefined {
  for (let line = end - 1; line >= Math.max(0, end - 120); line -= 1) {
    const text = lines[line] ?? "";
    if (/^Node\.js v\d/.test(text)) return line + 1;
    if (header.test(text)) return line;
  }
  return undefined;
}

/** The first of the tracebacks that belong together. One of a wrapper only repeats what stands above it. */
function pythonCrash(lines: readonly string[], last: number): number {
  const message = lines.slice(last + 1).find((line) => /^\S/.test(line)) ?? "";
  const isLinked = lines.slice(Math.max(0, last - 3), last).some((line) => chained.test(line));
  if (!isLinked && !echo.test(message)) return last;
  for (let line = last - 1; line >= 0; line -= 1)
    if (lines[line]?.startsWith(traceback) === true) return pythonCrash(lines, line);
  return last;
}

/** After the header that npm and pnpm write before a script: a script before it has ended well. */
function lastScript(lines: readonly string[]): number | undefined {
  const line = lines.findLastIndex((text) => /^> \S+(?:@\S+)? [\w:.-]+(?: \/\S+)?$/.test(text));
  return line < 0 ? undefined : line + 1;
}
