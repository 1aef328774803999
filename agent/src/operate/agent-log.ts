import { pino, type Logger } from "pino";

/** The agent's own log: JSON lines on standard error. Fields that could hold a token are cut. */
export function agentLog(): Logger {
  return pino(
    { base: { pid: process.pid }, redact: ["*.authorization", "*.token", "*.cookie", "err.config"] },
    process.stderr,
  );
}
