import type { ReleaseReason } from "../protocol.ts";

/** How the common runtimes say that their port is taken (Node, Python, Go, Ruby, Java, .NET, PHP, vite, Windows). */
const portTakenPatterns = [
  /EADDRINUSE/,
  /address already in use/i,
  /port \d+ (?:is |was )?(?:already |currently )?(?:in use|taken|occupied|allocated)/i,
  /Only one usage of each socket address/i,
];
const outOfMemoryPatterns = [
  /JavaScript heap out of memory/,
  /Reached heap limit/,
  /^MemoryError\b/,
  /java\.lang\.OutOfMemoryError/,
  /Cannot allocate memory/,
];

export interface CrashCause {
  readonly reason: ReleaseReason;
  /** With `port-taken`: the port, where the app names it. */
  readonly port: number | null;
}

/** Why an app ended, as far as its last lines tell. */
export function crashCause(lines: readonly string[]): CrashCause {
  const taken = lines.filter((line) => portTakenPatterns.some((pattern) => pattern.test(line)));
  if (taken.length > 0) return { reason: "port-taken", port: taken.map(portIn).find((port) => port !== null) ?? null };
  if (lines.some((line) => outOfMemoryPatterns.some((pattern) => pattern.test(line))))
    return { reason: "out-of-memory", port: null };
  return { reason: "exited", port: null };
}

function portIn(line: string): number | null {
  const match =
    /\bport:? (\d{2,5})\b/i.exec(line) ?? /:(\d{2,5})\b(?!.*:\d{2,5}\b)/.exec(line) ?? /\b(\d{4,5})\b/.exec(line);
  const port = Number(match?.[1]);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}
