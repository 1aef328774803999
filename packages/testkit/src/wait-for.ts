import { setTimeout as wait } from "node:timers/promises";

/**
 * Asks again until the answer is neither false, null nor undefined, and gives it. Throws with `what` after `timeoutMs` (default 10 000 ms);
 * an error of the question counts as "not yet" and is the cause of that one.
 */
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, false | null | undefined | void>> {
  const { timeoutMs = 10_000, everyMs = 10 } = options;
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await ask();
      // What is left after the three is what the return type says.
      if (answer !== false && answer !== null && answer !== undefined)
        return answer as Exclude<T, false | null | undefined | void>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`, { cause });
    await wait(everyMs);
  }
}
