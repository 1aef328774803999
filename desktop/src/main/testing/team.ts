import type { Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";

const createdAt = "2026-03-01T10:00:00.000Z";

/** A deployment of the project `shop`, as the agent tells it; what a test is about is given. */
export function someDeployment(given: Partial<Deployment> = {}): Deployment {
  return {
    id: "dep_0001",
    teamId: "team_0001",
    projectId: "prj_0001",
    environmentId: "env_0001",
    sequence: 1,
    state: "building",
    trigger: "manual",
    requestedBy: { type: "user", id: "usr_0001", name: "ada" },
    source: { type: "folder", path: "/home/ada/shop", dir: "" },
    flags: {},
    snapshotId: "snp_0001",
    sourceId: null,
    commit: null,
    plan: null,
    buildId: null,
    buildReused: false,
    artifact: null,
    releaseId: null,
    reuses: null,
    stageTimes: [],
    failure: null,
    warnings: [],
    cancelRequested: false,
    supersededBy: null,
    timeline: 1,
    traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
    requestKey: null,
    createdAt,
    settledAt: null,
    ...given,
  };
}

/** The project of that deployment with one environment. */
export function someProject(
  name = "shop",
  given: Partial<EnvironmentView> = {},
  environment = "production",
): ProjectView {
  const [teamId, projectId] = ["team_0001", "prj_0001"];
  return {
    project: {
      id: projectId,
      teamId,
      name,
      source: { type: "folder", path: `/home/ada/${name}`, dir: "" },
      settings: {},
      credential: null,
      state: "active",
      createdAt,
    },
    environments: [
      {
        environment: {
          id: "env_0001",
          teamId,
          projectId,
          name: environment,
          host: name,
          target: "local",
          sequence: 1,
          live: null,
          desired: "running",
          automaticDeployments: "on",
          variables: {},
          secrets: {},
          createdAt,
        },
        url: null,
        plainUrl: null,
        liveDeployment: null,
        activeDeployment: null,
        lastDeployment: null,
        observed: { state: "none", restarts: 0, detail: null, memoryMb: null, cpuPercent: null },
        changesPending: [],
        ...given,
      },
    ],
  };
}
