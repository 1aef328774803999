import pc from "picocolors";
import { terminalSafe } from "./terminal-safe.ts";

/** Where results, notes and streams of a command go: text for people, or JSON. */
export interface Output {
  readonly json: boolean;
  /** Whether lines may be redrawn and colours used. */
  readonly live: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly width: number;
  /** The command's one result: the value as one JSON document, or its text. */
  result(value: unknown, text: () => string | readonly string[]): void;
  /** One item of a stream: a line of JSON, or its text. */
  item(value: unknown, text: () => string | readonly string[]): void;
  /** Something to tell people beside the result; on stderr, nothing in JSON. */
  note(text: string): void;
  /** As it is, for renderers that draw; what they did not make themselves goes through `terminalSafe`. */
  write(text: string): void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly stdout?: NodeJS.WriteStream;
  readonly stderr?: NodeJS.WriteStream;
  readonly environment?: NodeJS.ProcessEnv;
}

/** An output on the process's streams. Colours and redrawing only on a terminal without NO_COLOR, CI or `TERM=dumb`. */
export function createOutput({ json, ...rest }: OutputOptions): Output {
  const { stdout = process.stdout, stderr = process.stderr, environment = process.env } = rest;
  const plain = [environment.NO_COLOR, environment.CI].some((value) => value !== undefined && value !== "");
  const live = !json && stdout.isTTY && !plain && environment.TERM !== "dumb";
  const say = (text: string | readonly string[]): void => {
    stdout.write(`${(typeof text === "string" ? [text] : text).map(terminalSafe).join("\n")}\n`);
  };
  return {
    json,
    live,
    colors: pc.createColors(live || (!json && (environment.FORCE_COLOR ?? "0") !== "0")),
    get width() {
      // A terminal that does not know its width says 0.
      return stdout.columns > 0 ? stdout.columns : 100;
    },
    result: (value, text) => say(json ? JSON.stringify(value, undefined, 2) : text()),
    item: (value, text) => say(json ? JSON.stringify(value) : text()),
    note: (text) => {
      if (!json) stderr.write(`${terminalSafe(text)}\n`);
    },
    write: (text) => {
      stdout.write(text);
    },
  };
}
