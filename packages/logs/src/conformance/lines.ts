import { expect } from "vitest";
import type { LogId, LogPage, LogStore, LogWriter, PositionedLine } from "../log-store.ts";

export const id: LogId = { teamId: "team_first", id: "build/bld_abcd" };

export function line(text: string) {
  return { at: new Date().toISOString(), stream: "stdout", text } as const;
}

/** Writes `line 0 …`, `line 1 …` and so on, no faster than the store takes them. */
export async function written(
  writer: LogWriter,
  count: number,
  finish: "end" | "close",
  filler?: string,
): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const text = filler === undefined ? `line ${index}` : `line ${index} ${filler}`;
    if (!writer.write(line(text))) await writer.flush();
  }
  await writer[finish]();
}

export function textsOf(page: LogPage): string[] {
  return page.lines.map(({ text }) => text);
}

/** All lines from `after` on until the log ends, or the signal does. */
export async function follow(
  store: LogStore,
  after?: number,
  signal: AbortSignal = AbortSignal.timeout(20_000),
): Promise<PositionedLine[]> {
  const lines: PositionedLine[] = [];
  for await (const batch of store.follow(id, { signal, ...(after !== undefined && { after }) })) lines.push(...batch);
  expect(signal.aborted && signal.reason?.name, "it ended by itself").not.toBe("TimeoutError");
  return lines;
}

/** All lines, page by page. */
export async function readAll(store: LogStore, log: LogId): Promise<PositionedLine[]> {
  const lines: PositionedLine[] = [];
  let after: number | undefined = -1;
  while (after !== undefined) {
    const page: LogPage = await store.read(log, { after, limit: 10_000 });
    lines.push(...page.lines);
    after = page.next;
  }
  return lines;
}
