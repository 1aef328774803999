/** A line that was found. */
export interface Hit {
  readonly section: string;
  readonly position: number;
}

/** Lines that were found, by section in the order of the page; positions ascend. Immutable. */
export interface Hits {
  readonly sections: readonly { readonly section: string; readonly positions: readonly number[] }[];
}

export const noHits: Hits = { sections: [] };

export function hitCount({ sections }: Hits): number {
  return sections.reduce((sum, { positions }) => sum + positions.length, 0);
}

/** The hits with more of one section, which follow those it has. */
export function withHits({ sections }: Hits, order: readonly string[], section: string, more: readonly number[]): Hits {
  const before = sections.find((each) => each.section === section)?.positions ?? [];
  const last = before.at(-1) ?? -1;
  const positions = [...before, ...more.filter((position) => position > last)];
  const rest = sections.filter((each) => each.section !== section);
  return {
    sections: [...rest, { section, positions }].sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section)),
  };
}

/** The `index`-th hit of all, from 0. */
export function hitAt({ sections }: Hits, index: number): Hit | undefined {
  let rest = index;
  for (const { section, positions } of sections) {
    const position = positions[rest];
    if (rest >= 0 && position !== undefined) return { section, position };
    rest -= positions.length;
  }
  return undefined;
}

/** The index of the first hit at or below a place; 0, the first of all, where none follows. */
export function firstHitFrom({ sections }: Hits, order: readonly string[], place: Hit): number {
  let index = 0;
  for (const { section, positions } of sections) {
    const rank = order.indexOf(section) - order.indexOf(place.section);
    if (rank > 0 && positions.length > 0) return index;
    if (rank === 0) {
      const within = lowerBound(positions, place.position);
      if (within < positions.length) return index + within;
    }
    index += positions.length;
  }
  return 0;
}

/** The hit after or before one, around the ends. */
export function stepped(count: number, index: number, by: 1 | -1): number {
  return count === 0 ? 0 : (index + by + count) % count;
}

export function isHit({ sections }: Hits, { section, position }: Hit): boolean {
  const positions = sections.find((each) => each.section === section)?.positions ?? [];
  return positions[lowerBound(positions, position)] === position;
}

function lowerBound(positions: readonly number[], position: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
