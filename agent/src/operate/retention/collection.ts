import type { BlobStore } from "@cloudsmith/blobs";
import type { CloudSmithError } from "@cloudsmith/contracts";
import type { LogStore } from "@cloudsmith/logs";
import type { SecretStore } from "@cloudsmith/secrets";
import type { SystemStore } from "@cloudsmith/store";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Retention } from "./settings.ts";

/** What a collection works with. */
export interface Collection {
  readonly store: SystemStore;
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  readonly secrets: SecretStore;
  readonly retention: Retention;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Lets requests and deployments through between two pieces of work, and ends it where the agent stops. */
export async function pause({ signal }: Collection): Promise<void> {
  await nextTurn();
  signal.throwIfAborted();
}

/** Somebody used or changed it at this moment: it stays, and the next collection looks again. */
export function isLostRace(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error as CloudSmithError).code === "conflict";
}
