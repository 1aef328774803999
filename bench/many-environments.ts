import { newId, type Deployment, type Environment, type Project, type Release } from "@cloudsmith/contracts";
import { openSqliteStore, type Put, type SystemStore } from "@cloudsmith/store";

const teamId = "team_local";
/** Projects whose records go into one commit. */
const batch = 5;

export interface Pattern {
  readonly project: Project;
  readonly environment: Environment;
  readonly deployment: Deployment;
}

/** Writes projects that are copies of one, each with an environment and `deployments` of these; the first `live` of them are live. */
export async function manyEnvironments(
  database: string,
  pattern: Pattern,
  count: { readonly environments: number; readonly live: number; readonly deployments: number },
): Promise<void> {
  const store = openSqliteStore({ file: database });
  try {
    for (let first = 0; first < count.environments; first += batch) {
      const puts: Put[] = [];
      for (let index = first; index < Math.min(first + batch, count.environments); index++)
        puts.push(...(await copyOf(store, pattern, index, index < count.live, count.deployments)));
      for (let from = 0; from < puts.length; from += 90) await store.commit({ puts: puts.slice(from, from + 90) });
    }
  } finally {
    await store.close();
  }
}

async function copyOf(
  store: SystemStore,
  { project, environment, deployment }: Pattern,
  index: number,
  isLive: boolean,
  deployments: number,
): Promise<Put[]> {
  const name = `copy-${index}`;
  const projectId = newId("project");
  const environmentId = newId("environment");
  const release = await store.get("release", { teamId, id: deployment.releaseId ?? "" });
  const snapshot = await store.get("snapshot", { teamId, id: deployment.snapshotId });
  if (release === undefined || snapshot === undefined) throw new Error("The pattern is not live");
  const puts: Put[] = [];
  let last: { deploymentId: string; releaseId: string; sequence: number } | null = null;
  for (let sequence = 1; sequence <= deployments; sequence++) {
    const isLast = sequence === deployments;
    const deploymentId = newId("deployment");
    const releaseId = newId("release");
    const snapshotId = newId("snapshot");
    const ids = { projectId, environmentId, sequence, snapshotId };
    const put: Release = {
      ...release.value,
      ...ids,
      id: releaseId,
      deploymentId,
      retiredAt: isLive && isLast ? null : release.value.createdAt,
    };
    puts.push(
      { entity: "snapshot", value: { ...snapshot.value, id: snapshotId, environmentId }, if: "absent" },
      {
        entity: "deployment",
        value: { ...deployment, ...ids, id: deploymentId, releaseId, requestKey: null },
        if: "absent",
      },
      { entity: "release", value: put, if: "absent" },
    );
    if (isLive && isLast) last = { deploymentId, releaseId, sequence };
  }
  const claims = [
    ["project-name", name, projectId],
    [`environment-name#${projectId}`, environment.name, environmentId],
    ["host", name, projectId],
  ] as const;
  return [
    ...puts,
    { entity: "project", value: { ...project, id: projectId, name, source: folder(name) }, if: "absent" },
    {
      entity: "environment",
      value: { ...environment, id: environmentId, projectId, host: name, sequence: deployments, live: last },
      if: "absent",
    },
    ...claims.map(([scope, claimed, owner]): Put => ({
      entity: "claim",
      value: { teamId, scope, name: claimed, owner },
      if: "absent",
    })),
  ];
}

function folder(name: string): Project["source"] {
  return { type: "folder", path: `/srv/copies/${name}`, dir: "" };
}
