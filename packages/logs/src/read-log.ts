import { CloudSmithError } from "@cloudsmith/contracts";
import { type LineFilter, lineFilter } from "./grep.ts";
import { isMissing, listLog } from "./log-folder.ts";
import type { LogPage, PositionedLine, ReadOptions } from "./log-store.ts";
import { linesOf, type Span, spansOf } from "./spans.ts";

const defaultLimit = 1000;
const maxLimit = 10_000;
/** How often a read begins anew because segments were cut under it. */
const maxAttempts = 5;

interface Query {
  /** Positions from here up to `to` (exclusive). */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly filter: LineFilter | undefined;
}

/** Reads a page of the log in a folder. */
export async function readLog(folder: string, options: ReadOptions): Promise<LogPage> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOnce(folder, options);
    } catch (error) {
      if (!isMissing(error) || attempt === maxAttempts) throw error;
    }
  }
}

async function readOnce(folder: string, options: ReadOptions): Promise<LogPage> {
  const filter = lineFilter(options.grep);
  // Listed first: when the end mark is there, all lines are too.
  const listing = await listLog(folder);
  const spans = await spansOf(listing);
  const total = spans.at(-1)?.end ?? 0;
  const since = options.since === undefined ? 0 : await positionSince(spans, options.since);
  const query: Query = {
    from: Math.max((options.after ?? -1) + 1, since, 0),
    to: Math.min(options.before ?? total, total),
    limit: Math.min(Math.max(Math.trunc(options.last ?? options.limit ?? defaultLimit), 1), maxLimit),
    filter,
  };
  const isFromEnd = options.last !== undefined || (options.before !== undefined && options.after === undefined);
  const lines = await (isFromEnd ? readBackward(spans, query) : readForward(spans, query));
  const isFull = lines.length === query.limit;
  const readTo = isFull || isFromEnd ? (lines.at(-1)?.position ?? query.to - 1) : query.to - 1;
  return {
    lines,
    next: readTo < total - 1 && (isFull || query.to < total) ? readTo : undefined,
    ended: listing.ended,
    first: listing.segments[0]?.first ?? 0,
    total,
  };
}

async function readForward(spans: readonly Span[], query: Query): Promise<PositionedLine[]> {
  const lines: PositionedLine[] = [];
  for (const span of spans) {
    if (lines.length === query.limit || span.first >= query.to) break;
    if (span.end <= query.from) continue;
    const from = Math.max(query.from, span.first);
    const room = query.limit - lines.length;
    const to = query.filter === undefined && span.load !== undefined ? Math.min(query.to, from + room) : query.to;
    lines.push(...(await pick(span, { ...query, from, to })).slice(0, room));
  }
  return lines;
}

async function readBackward(spans: readonly Span[], query: Query): Promise<PositionedLine[]> {
  const pages: (readonly PositionedLine[])[] = [];
  let room = query.limit;
  for (const span of spans.toReversed()) {
    if (room === 0 || span.end <= query.from) break;
    if (span.first >= query.to) continue;
    const to = Math.min(query.to, span.end);
    const from = query.filter === undefined && span.load !== undefined ? Math.max(query.from, to - room) : query.from;
    const lines = (await pick(span, { ...query, from, to })).slice(-room);
    pages.push(lines);
    room -= lines.length;
  }
  return pages.toReversed().flat();
}

async function pick(span: Span, { from, to, filter }: Query): Promise<readonly PositionedLine[]> {
  const stored = await span.load?.();
  if (filter === undefined) return linesOf(span, stored, from, to);
  if (stored === undefined || !filter.mayMatch(stored)) return [];
  return filter.pick(linesOf(span, stored, from, to));
}

/** The position of the first line at this time or later; the names of the segments say where to look. */
async function positionSince(spans: readonly Span[], since: string): Promise<number> {
  const time = Date.parse(since);
  if (Number.isNaN(time)) {
    throw new CloudSmithError("invalid-input", `\`${since}\` is no point in time`, { fix: "Use ISO 8601" });
  }
  const later = spans.findIndex((span) => span.at >= time);
  const start = Math.max((later === -1 ? spans.length : later) - 1, 0);
  for (const span of spans.slice(start)) {
    const lines = linesOf(span, await span.load?.(), span.first, span.end);
    const found = lines.find((line) => Date.parse(line.at) >= time);
    if (found !== undefined) return found.position;
  }
  return spans.at(-1)?.end ?? 0;
}
