/** Positions from `from` up to `to` (exclusive). */
export interface PositionRange {
  readonly from: number;
  readonly to: number;
}

/** Ranges in ascending order that neither overlap nor touch. */
export type PositionRanges = readonly PositionRange[];

/** The ranges with one more; what overlaps or touches becomes one. */
export function withRange(ranges: PositionRanges, added: PositionRange): PositionRanges {
  if (added.from >= added.to) return ranges;
  const before = ranges.filter((range) => range.to < added.from);
  const behind = ranges.filter((range) => range.from > added.to);
  const touching = ranges.filter((range) => range.to >= added.from && range.from <= added.to);
  const from = Math.min(added.from, touching[0]?.from ?? added.from);
  const to = Math.max(added.to, touching.at(-1)?.to ?? added.to);
  return [...before, { from, to }, ...behind];
}

/** What of `wanted` no range covers. */
export function uncovered(ranges: PositionRanges, wanted: PositionRange): PositionRange[] {
  const holes: PositionRange[] = [];
  let from = wanted.from;
  for (const range of ranges) {
    if (range.to <= from) continue;
    if (range.from >= wanted.to) break;
    if (range.from > from) holes.push({ from, to: range.from });
    from = Math.max(from, range.to);
  }
  if (from < wanted.to) holes.push({ from, to: wanted.to });
  return holes;
}

/** How many positions ahead of `position` the ranges cover. */
export function coveredBefore(ranges: PositionRanges, position: number): number {
  let count = 0;
  for (const range of ranges) {
    if (range.from >= position) break;
    count += Math.min(range.to, position) - range.from;
  }
  return count;
}

/** The position of the `index`-th one (0, 1, …) that no range covers. */
export function uncoveredAt(ranges: PositionRanges, index: number): number {
  let position = index;
  for (const range of ranges) {
    if (range.from > position) break;
    position += range.to - range.from;
  }
  return position;
}
