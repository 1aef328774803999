import { isSettled, type Deployment } from "@cloudsmith/contracts";
import type { ProjectView } from "@cloudsmith/contracts/api";

/** What the app knows of the team: enough for the tray, titles and notifications. */
export interface TeamState {
  /** Whether it is kept up to date right now. */
  readonly isLive: boolean;
  readonly projects: readonly ProjectView[];
  /** Deployments that have not settled, by id. */
  readonly running: ReadonlyMap<string, Deployment>;
  /** The newest failure of an environment that nobody has looked at, by environment. */
  readonly unseenFailures: ReadonlyMap<string, Deployment>;
  /** Deployments that settled while we looked, newest last; each is told once. */
  readonly told: readonly string[];
  /** What settled before this instant (ISO 8601) is history and not told. */
  readonly since: string;
}

export interface Change {
  readonly state: TeamState;
  /** Went live or failed since the last look. */
  readonly outcome?: Deployment;
}

const remembered = 200;

export function emptyTeam(since: string): TeamState {
  return { isLive: false, projects: [], running: new Map(), unseenFailures: new Map(), told: [], since };
}

/** After a look at all projects. `missing` names deployments that were running and are not any more: how they ended has to be read. */
export function withProjects(
  state: TeamState,
  projects: readonly ProjectView[],
): { state: TeamState; missing: string[] } {
  const active = projects
    .flatMap(({ environments }) => environments.map(({ activeDeployment }) => activeDeployment))
    .flatMap((deployment) => (deployment === null ? [] : [[deployment.id, deployment] as const]));
  const now = new Set(active.map(([id]) => id));
  const missing = [...state.running.keys()].filter((id) => !now.has(id));
  // They stay until it is known how they ended.
  return { state: { ...state, projects, running: new Map([...state.running, ...active]) }, missing };
}

/** After a look at one project; one that is gone is undefined. */
export function withProject(state: TeamState, id: string, view: ProjectView | undefined): TeamState {
  const others = state.projects.filter(({ project }) => project.id !== id);
  if (view === undefined) {
    const running = new Map([...state.running].filter(([, deployment]) => deployment.projectId !== id));
    return { ...state, projects: others, running };
  }
  return { ...state, projects: [view, ...others] };
}

/** After a look at one deployment. */
export function withDeployment(state: TeamState, deployment: Deployment): Change {
  const running = new Map(state.running);
  const unseenFailures = new Map(state.unseenFailures);
  if (!isSettled(deployment.state)) {
    // An older answer that arrives late must not bring back what has settled.
    if (state.told.includes(deployment.id)) return { state };
    running.set(deployment.id, deployment);
    unseenFailures.delete(deployment.environmentId);
    return { state: { ...state, running, unseenFailures } };
  }
  const isNews = !state.told.includes(deployment.id) && (deployment.settledAt ?? "") >= state.since;
  running.delete(deployment.id);
  if (!isNews) return { state: { ...state, running } };
  if (deployment.state === "failed") unseenFailures.set(deployment.environmentId, deployment);
  if (deployment.state === "live") unseenFailures.delete(deployment.environmentId);
  const told = [...state.told, deployment.id].slice(-remembered);
  const isOutcome = deployment.state === "live" || deployment.state === "failed";
  return { state: { ...state, running, unseenFailures, told }, ...(isOutcome && { outcome: deployment }) };
}

/** A person looked at a deployment. */
export function withSeen(state: TeamState, deploymentId: string): TeamState {
  const unseenFailures = new Map([...state.unseenFailures].filter(([, { id }]) => id !== deploymentId));
  return unseenFailures.size === state.unseenFailures.size ? state : { ...state, unseenFailures };
}

export interface Place {
  readonly project: string;
  readonly environment: string;
}

/** Names of a deployment's project and environment; the ids where they are not known yet. */
export function placeOf(state: TeamState, deployment: Deployment): Place {
  const view = state.projects.find(({ project }) => project.id === deployment.projectId);
  const environment = view?.environments.find((each) => each.environment.id === deployment.environmentId);
  return {
    project: view?.project.name ?? deployment.projectId,
    environment: environment?.environment.name ?? "production",
  };
}

/** `shop`, or `shop (staging)` where it is not production. */
export function placeName({ project, environment }: Place): string {
  return environment === "production" ? project : `${project} (${environment})`;
}
