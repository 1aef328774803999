/** All items of a list that comes in pages. */
export async function* allOf<T>(
  read: (page: {
    limit: number;
    cursor?: string;
  }) => Promise<{ readonly items: readonly T[]; readonly cursor?: string }>,
): AsyncGenerator<T> {
  for (let cursor: string | undefined; ;) {
    const page = await read({ limit: 500, ...(cursor !== undefined && { cursor }) });
    yield* page.items;
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}
