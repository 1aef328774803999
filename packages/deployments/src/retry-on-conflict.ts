import { CloudSmithError } from "@cloudsmith/contracts";
import { setTimeout as wait } from "node:timers/promises";

const attempts = 12;

/** Runs a read-decide-commit again when its commit lost a race; after 12 lost races the conflict is the caller's. */
export async function retryOnConflict<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof CloudSmithError) || error.code !== "conflict" || attempt === attempts) throw error;
      await wait(Math.random() * 2 ** Math.min(attempt, 6));
    }
  }
}
