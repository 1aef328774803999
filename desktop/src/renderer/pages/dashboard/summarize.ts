import type { Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";
import { sourceName } from "../../api/source-name.ts";
import type { Status } from "../../parts/status-badge.tsx";
import type { Group } from "./groups.ts";

/** What a project's row shows. */
export interface Summary {
  readonly id: string;
  readonly name: string;
  /** `owner/repo`, a host and path, or the folder. */
  readonly source: string;
  readonly status: Status;
  readonly url: string | null;
  readonly environment: string;
  /** How many more environments there are. */
  readonly others: number;
  readonly last: Deployment | null;
  readonly changesPending: boolean;
}

const groupOf: Readonly<Record<Status, Exclude<Group, "all"> | undefined>> = {
  queued: "deploying",
  preparing: "deploying",
  building: "deploying",
  packaging: "deploying",
  releasing: "deploying",
  verifying: "deploying",
  starting: "deploying",
  live: "live",
  healthy: "live",
  failed: "attention",
  crashing: "attention",
  unknown: undefined,
  stopped: "stopped",
  canceled: "stopped",
  superseded: "stopped",
  none: "stopped",
};

/** The environment that stands for a project: production, else its first one. */
function headline(environments: readonly EnvironmentView[]): EnvironmentView | undefined {
  return environments.find(({ environment }) => environment.name === "production") ?? environments[0];
}

export function summarize({ project, environments }: ProjectView): Summary {
  const view = headline(environments);
  return {
    id: project.id,
    name: project.name,
    source: sourceName(project.source),
    status: statusOf(view),
    url: view?.url ?? null,
    environment: view?.environment.name ?? "production",
    others: Math.max(0, environments.length - 1),
    last: view?.lastDeployment ?? null,
    changesPending: (view?.changesPending.length ?? 0) > 0,
  };
}

/** What is under way goes first, then what runs, then how the last attempt ended. */
function statusOf(view: EnvironmentView | undefined): Status {
  if (view === undefined) return "none";
  if (view.activeDeployment !== null) return view.activeDeployment.state;
  if (view.observed.state !== "none") return view.observed.state;
  return view.lastDeployment === null || view.lastDeployment.state === "live" ? "none" : view.lastDeployment.state;
}

/** Rows that hold every word of a text, in a group; by name. */
export function selectRows(
  rows: readonly Summary[],
  filter: { readonly text: string; readonly group: Group },
): Summary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows
    .filter(({ status }) => filter.group === "all" || groupOf[status] === filter.group)
    .filter(({ name, source }) => words.every((word) => `${name} ${source}`.toLowerCase().includes(word)))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** How many rows each group has. */
export function countGroups(rows: readonly Summary[]): Record<Group, number> {
  const counts: Record<Group, number> = { all: rows.length, live: 0, deploying: 0, attention: 0, stopped: 0 };
  for (const { status } of rows) {
    const group = groupOf[status];
    if (group !== undefined) counts[group] += 1;
  }
  return counts;
}
