/** A page of a list whose newest items come first. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

/**
 * Pages of a list, newest first, with its newest page as it is now. What that page reaches over is taken from it, what is older stays: old
 * items of such lists do not change. Ids tell the age of what they name.
 */
export function withHead<T extends { readonly id: string }>(pages: readonly Page<T>[], head: Page<T>): Page<T>[] {
  const [first, ...rest] = pages;
  const oldest = head.items.at(-1)?.id;
  if (first === undefined || head.cursor === null || oldest === undefined) return [head];
  // More came than a page has: what is between is not known.
  if (!pages.some(({ items }) => items.some(({ id }) => id >= oldest))) return [head];
  const older = ({ items }: Page<T>): T[] => items.filter(({ id }) => id < oldest);
  const left = older(first);
  if (rest.length === 0 && left.length === 0) return [head];
  return [
    { items: [...head.items, ...left], cursor: first.cursor },
    ...rest.map((page) => ({ items: older(page), cursor: page.cursor })),
  ];
}
