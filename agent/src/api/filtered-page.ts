interface PageOptions {
  limit: number;
  cursor?: string;
}

/** How many pages are read at most for one page of what is wanted. */
const maxReads = 50;

/**
 * A page of those items that are wanted, out of a list that holds others too. It reads on until it is full, never past its last item, so that
 * its cursor continues exactly behind it. A page can end early with a cursor where wanted items are rare.
 */
export async function filteredPage<T>(
  read: (options: PageOptions) => Promise<{ readonly items: readonly T[]; readonly cursor?: string }>,
  isWanted: (item: T) => boolean,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: T[]; cursor: string | null }> {
  const items: T[] = [];
  let { cursor } = page;
  for (let reads = 0; reads < maxReads; reads++) {
    const found = await read({ limit: page.limit - items.length, ...(cursor !== undefined && { cursor }) });
    items.push(...found.items.filter(isWanted));
    cursor = found.cursor;
    if (cursor === undefined || items.length >= page.limit) break;
  }
  return { items, cursor: cursor ?? null };
}
