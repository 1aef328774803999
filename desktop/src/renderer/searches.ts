import { kinds, type Kind } from "./pages/activity/kinds.ts";
import { groups, type Group } from "./pages/dashboard/groups.ts";

type Search = Record<string, unknown>;

function text(value: unknown): string | undefined {
  // The router reads digits as a number.
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** What the address of the dashboard may ask for; what it does not know is left out. */
export function dashboardSearch({ q, show }: Search): { q?: string | undefined; show?: Group | undefined } {
  return { q: text(q), show: groups.find((group) => group === show) };
}

export function activitySearch({ kind, project }: Search): { kind?: Kind | undefined; project?: string | undefined } {
  return { kind: kinds.find((each) => each === kind), project: text(project) };
}
