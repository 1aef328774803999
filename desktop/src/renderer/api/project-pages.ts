import type { ProjectView } from "@cloudsmith/contracts/api";

/** Pages of a list with one project as it is now: changed in place, gone, or new at the end. */
export function withProject<P extends { readonly items: ProjectView[] }>(
  pages: P[],
  id: string,
  view: ProjectView | undefined,
): P[] {
  const isKnown = pages.some((page) => page.items.some((each) => each.project.id === id));
  return pages.map((page, index) => {
    const items = page.items.flatMap((each) => (each.project.id !== id ? [each] : view === undefined ? [] : [view]));
    const isLast = index === pages.length - 1;
    return { ...page, items: isLast && !isKnown && view !== undefined ? [...items, view] : items };
  });
}
