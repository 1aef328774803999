/** Pauses before the first, second, … restart in a row, in milliseconds. */
const pausesMs = [500, 1000, 2000, 5000, 10_000] as const;
/** An agent that ran this long ended for a reason of its own: counting begins anew. */
const steadyMs = 60_000;

/** Milliseconds to wait before the agent is started again, or `give-up` after it ended too often in a row. */
export function restartPause(endedInARow: number): number | "give-up" {
  return pausesMs[endedInARow - 1] ?? "give-up";
}

/** How often it has now ended in a row. */
export function countEnd(before: number, ranForMs: number): number {
  return ranForMs >= steadyMs ? 1 : before + 1;
}
