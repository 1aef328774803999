import { CloudSmithError } from "@cloudsmith/contracts";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Whether a person sits here who can answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks on stderr and answers the line. Throws `invalid-input` where nobody can answer, naming the flag that says it instead. */
export async function ask(question: string, instead: string, signal?: AbortSignal): Promise<string> {
  if (!canAsk()) throw cannotAsk(question, instead);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question, signal === undefined ? {} : { signal })).trim();
  } finally {
    lines.close();
  }
}

/** The same for something that must not be seen: what is typed is not shown. */
export async function askHidden(question: string, instead: string): Promise<string> {
  if (!canAsk()) throw cannotAsk(question, instead);
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

/** Waits for one of some keys; Enter, Ctrl-C and the end of the signal give the default. */
export async function askKey(question: string, keys: string, signal: AbortSignal): Promise<string> {
  const fallback = keys.charAt(0);
  const { stdin } = process;
  process.stderr.write(question);
  stdin.setRawMode(true).resume().setEncoding("utf8");
  const { promise, resolve } = Promise.withResolvers<string>();
  const onKey = (typed: string): void => {
    const key = typed.charAt(0).toLowerCase();
    if (keys.includes(key)) resolve(key);
    else if (key === "\r" || key === "\n" || key === "\u0003" || key === "\u0004") resolve(fallback);
  };
  const onEnd = (): void => resolve(fallback);
  stdin.on("data", onKey);
  signal.addEventListener("abort", onEnd, { once: true });
  try {
    return await promise;
  } finally {
    stdin.off("data", onKey);
    signal.removeEventListener("abort", onEnd);
    stdin.setRawMode(false).pause();
    process.stderr.write("\n");
  }
}

function cannotAsk(question: string, instead: string): CloudSmithError {
  return new CloudSmithError("invalid-input", "This needs an answer, and there is no terminal to ask on", {
    why: question.trim(),
    fix: instead,
  });
}
