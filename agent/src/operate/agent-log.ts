import { destination, pino, type Logger } from "pino";

/** Bytes that wait for room on a full disk; what comes on top of them is dropped. */
const waitingAtMost = 256 * 1024;

/** The agent's own log: JSON lines on standard error. Fields that could hold a token are cut. A disk that takes nothing harms nothing else: the log goes on when there is room again. */
export function agentLog(): Logger {
  const output = destination({ dest: process.stderr.fd, sync: true, maxLength: waitingAtMost });
  output.on("error", () => undefined);
  return pino({ base: { pid: process.pid }, redact: ["*.authorization", "*.token", "*.cookie", "err.config"] }, output);
}
