import { CloudSmithError } from "@cloudsmith/contracts";
import type { LogId, LogStore } from "./log-store.ts";

/**
 * Marks a log as ended whose writer died or let go of it, so that nobody follows it for ever. One without a line, one that is ended and one
 * that somebody writes now are left alone; false for the last, and with the disk full.
 */
export async function endLog(logs: LogStore, id: LogId): Promise<boolean> {
  const { ended, total } = await logs.read(id, { limit: 1 });
  if (ended || total === 0) return true;
  const writer = logs.writer(id);
  try {
    await writer.end();
    return true;
  } catch (error) {
    // The mark waits; what ends together with the log must not.
    if (error instanceof CloudSmithError && (error.code === "conflict" || error.code === "disk-full")) return false;
    throw error;
  }
}
