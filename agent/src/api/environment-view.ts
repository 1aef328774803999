import { isSettled, type Deployment, type Environment, type Project } from "@cloudsmith/contracts";
import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";
import { configurationChanges, configurationOf, recentOf } from "@cloudsmith/deployments";
import type { AgentServices } from "../services.ts";
import { environmentsOf } from "./find.ts";
import type { Usage } from "../telemetry.ts";

/** An environment as people see it. */
export async function environmentView(
  services: AgentServices,
  project: Project,
  environment: Environment,
  usage?: ReadonlyMap<string, Usage>,
): Promise<EnvironmentView> {
  const { store, telemetry } = services;
  const { teamId, live } = environment;
  const [release, liveDeployment, recent, figures] = await Promise.all([
    live === null ? undefined : store.get("release", { teamId, id: live.releaseId }),
    live === null ? undefined : store.get("deployment", { teamId, id: live.deploymentId }),
    recentOf(store, environment),
    usage ?? telemetry.usage(),
  ]);
  const used = live === null ? undefined : figures.get(live.releaseId);
  const observed = release?.value.observed;
  return {
    environment,
    url: observed?.url ?? null,
    plainUrl: observed?.plainUrl ?? null,
    liveDeployment: liveDeployment?.value ?? null,
    activeDeployment: recent.find(({ value }) => !isSettled(value.state))?.value ?? null,
    lastDeployment: recent[0]?.value ?? null,
    observed: {
      state: environment.desired === "stopped" && live !== null ? "stopped" : (observed?.state ?? "none"),
      restarts: observed?.restarts ?? 0,
      detail: observed?.detail ?? null,
      memoryMb: used?.memoryMb ?? null,
      cpuPercent: used?.cpuPercent ?? null,
    },
    changesPending: await changesPending(services, project, environment, liveDeployment?.value),
  };
}

async function changesPending(
  services: AgentServices,
  project: Project,
  environment: Environment,
  live: Deployment | undefined,
): Promise<EnvironmentView["changesPending"]> {
  if (live === undefined) return [];
  const snapshot = await services.store.get("snapshot", { teamId: live.teamId, id: live.snapshotId });
  return snapshot === undefined ? [] : configurationChanges(snapshot.value, configurationOf(project, environment));
}

export async function projectView(
  services: AgentServices,
  project: Project,
  usage?: ReadonlyMap<string, Usage>,
): Promise<ProjectView> {
  const environments = await environmentsOf(services.store, project);
  const figures = usage ?? (await services.telemetry.usage());
  return {
    project,
    environments: await Promise.all(
      environments.map(({ value }) => environmentView(services, project, value, figures)),
    ),
  };
}
