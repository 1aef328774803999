import { kinds, type Kind } from "./pages/activity/kinds.ts";
import { groups, type Group } from "./pages/dashboard/groups.ts";
import { oneOf, text, type Search } from "./search-values.ts";

/** What the address of the dashboard may ask for; what it does not know is left out. */
export function dashboardSearch({ q, show }: Search): { q?: string | undefined; show?: Group | undefined } {
  return { q: text(q), show: oneOf(groups, show) };
}

export function activitySearch({ kind, project }: Search): { kind?: Kind | undefined; project?: string | undefined } {
  return { kind: oneOf(kinds, kind), project: text(project) };
}
