import type { AgentStatus } from "../../bridge.ts";
import { stageAndTime } from "../follow/progress.ts";
import { placeName, placeOf, type TeamState } from "../follow/team-state.ts";

export const trayLooks = ["idle", "deploying", "failed", "offline"] as const;
export type TrayLook = (typeof trayLooks)[number];

/** What choosing an item of the tray menu does. */
export type TrayAction =
  | { readonly type: "open-main"; readonly path?: string }
  | { readonly type: "open-deployment"; readonly id: string }
  | { readonly type: "deploy-again"; readonly project: string; readonly environment: string }
  | { readonly type: "open-url"; readonly url: string }
  | { readonly type: "pause-notifications"; readonly on: boolean }
  | { readonly type: "retry-agent" }
  | { readonly type: "restart-to-update" }
  | { readonly type: "quit" };

export type TrayItem =
  | { readonly type: "separator" }
  | { readonly type: "text"; readonly label: string }
  | { readonly type: "action"; readonly label: string; readonly action: TrayAction }
  | { readonly type: "check"; readonly label: string; readonly checked: boolean; readonly action: TrayAction }
  | { readonly type: "menu"; readonly label: string; readonly items: readonly TrayItem[] };

export interface TrayInput {
  readonly agent: AgentStatus;
  readonly team: TeamState;
  readonly notificationsPaused: boolean;
  /** Version that is downloaded and waits for a restart. */
  readonly update: string | undefined;
  readonly now: number;
}

export interface TrayModel {
  readonly look: TrayLook;
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

const mostRecent = 6;
const separator = { type: "separator" } as const;

/** All that the tray shows, from all that it depends on. */
export function trayModel(input: TrayInput): TrayModel {
  const look = lookOf(input);
  const headline = headlineOf(input, look);
  const items: TrayItem[] = [
    { type: "action", label: "Open CloudSmith", action: { type: "open-main" } },
    separator,
    { type: "text", label: headline },
    ...agentItems(input.agent),
    ...runningItems(input),
    ...failureItems(input),
    separator,
    ...recentItems(input.team),
    {
      type: "check",
      label: "Pause notifications",
      checked: input.notificationsPaused,
      action: { type: "pause-notifications", on: !input.notificationsPaused },
    },
    ...updateItems(input.update),
    separator,
    { type: "action", label: "Quit CloudSmith", action: { type: "quit" } },
  ];
  return { look, tooltip: `CloudSmith: ${headline}`, items };
}

function lookOf({ agent, team }: TrayInput): TrayLook {
  if (agent.state !== "running" && agent.state !== "replacing") return "offline";
  if (team.running.size > 0) return "deploying";
  return team.unseenFailures.size > 0 ? "failed" : "idle";
}

/** What the agent is doing where it does not simply run. */
const agentWords: Readonly<Record<Exclude<AgentStatus["state"], "running">, string>> = {
  starting: "Agent is starting",
  replacing: "Agent is being updated",
  restarting: "Agent ended and is started again",
  stopped: "Agent is stopped",
  failed: "Agent could not be started",
};

function headlineOf({ agent, team }: TrayInput, look: TrayLook): string {
  if (agent.state !== "running") return agentWords[agent.state];
  const running = team.running.size;
  if (look === "deploying") return running === 1 ? "1 deployment running" : `${running} deployments running`;
  if (look === "failed") return "The last deployment failed";
  return "Nothing is being deployed";
}

function agentItems({ state }: AgentStatus): TrayItem[] {
  if (state !== "stopped" && state !== "failed") return [];
  return [{ type: "action", label: "Start the agent", action: { type: "retry-agent" } }];
}

function runningItems({ team, now }: TrayInput): TrayItem[] {
  return [...team.running.values()].map((deployment) => ({
    type: "action",
    label: `${placeName(placeOf(team, deployment))}: ${stageAndTime(deployment, now)}`,
    action: { type: "open-deployment", id: deployment.id },
  }));
}

function failureItems({ team }: TrayInput): TrayItem[] {
  return [...team.unseenFailures.values()].map((deployment) => ({
    type: "action",
    label: `${placeName(placeOf(team, deployment))}: ${deployment.failure?.message ?? "failed"}`,
    action: { type: "open-deployment", id: deployment.id },
  }));
}

function recentItems(team: TeamState): TrayItem[] {
  const recent = team.projects
    .flatMap(({ project, environments }) => environments.map((view) => ({ project, view })))
    .toSorted((a, b) => lastChange(b.view).localeCompare(lastChange(a.view)))
    .slice(0, mostRecent);
  if (recent.length === 0) return [];
  const menus = recent.map(({ project, view }): TrayItem => {
    const place = { project: project.name, environment: view.environment.name };
    return {
      type: "menu",
      label: placeName(place),
      items: [
        { type: "action", label: "Deploy again", action: { type: "deploy-again", ...place } },
        ...(view.url === null
          ? []
          : [{ type: "action", label: "Open app", action: { type: "open-url", url: view.url } } as const]),
        { type: "action", label: "Show project", action: { type: "open-main", path: `/projects/${project.name}` } },
      ],
    };
  });
  return [{ type: "text", label: "Recent projects" }, ...menus, separator];
}

function lastChange({
  activeDeployment,
  liveDeployment,
  environment,
}: TeamState["projects"][number]["environments"][number]): string {
  return activeDeployment?.createdAt ?? liveDeployment?.createdAt ?? environment.createdAt;
}

function updateItems(update: string | undefined): TrayItem[] {
  if (update === undefined) return [];
  return [{ type: "action", label: `Restart to update to ${update}`, action: { type: "restart-to-update" } }];
}
