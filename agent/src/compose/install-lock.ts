import { CloudSmithError } from "@cloudsmith/contracts";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes the one lock of a data folder for as long as this process lives. The operating system holds it (SQLite's file lock), so that it
 * goes with the process however that ends. Throws `agent-running`.
 */
export function lockInstall(home: string): { release(): void } {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(home, "agent.lock"), { timeout: 0 });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw new CloudSmithError("agent-running", "Another agent runs for this data folder", {
      why: home,
      fix: "Use it, or stop it first: cloudsmith agent stop",
      cause: error,
    });
  }
  return { release: () => database.close() };
}
