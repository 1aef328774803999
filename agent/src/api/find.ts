import { CloudSmithError, type Deployment, type Environment, type Project } from "@cloudsmith/contracts";
import type { Store, Stored } from "@cloudsmith/store";

/** The project with this id or name in a team. Another team's answers `not-found`, as if it were not there. */
export async function findProject(store: Store, teamId: string, idOrName: string): Promise<Stored<"project">> {
  const id = idOrName.startsWith("prj_")
    ? idOrName
    : (await store.get("claim", { teamId, scope: "project-name", name: idOrName }))?.value.owner;
  const found = id === undefined ? undefined : await store.get("project", { teamId, id });
  if (found === undefined)
    throw new CloudSmithError("not-found", `There is no project ${idOrName}`, { fix: "List them: cloudsmith ls" });
  return found;
}

/** An environment of a project by its name. */
export async function findEnvironment(store: Store, project: Project, name: string): Promise<Stored<"environment">> {
  const claim = await store.get("claim", { teamId: project.teamId, scope: `environment-name#${project.id}`, name });
  const found =
    claim === undefined ? undefined : await store.get("environment", { teamId: project.teamId, id: claim.value.owner });
  if (found === undefined)
    throw new CloudSmithError("not-found", `${project.name} has no environment ${name}`, {
      fix: `See them: cloudsmith status ${project.name}`,
    });
  return found;
}

/** The environments of a project by name. Their claims are read, which never lag behind a commit as an index may. */
export async function environmentsOf(
  store: Store,
  project: Pick<Project, "id" | "teamId">,
): Promise<Stored<"environment">[]> {
  const { teamId } = project;
  const claims = await store.list(
    "claimsOfScope",
    { teamId, scope: `environment-name#${project.id}` },
    { limit: 1000 },
  );
  const found = await Promise.all(
    claims.items.map(({ value }) => store.get("environment", { teamId, id: value.owner })),
  );
  return found.filter((each) => each !== undefined);
}

export async function findBoth(
  store: Store,
  teamId: string,
  input: { project: string; environment: string },
): Promise<{ project: Project; environment: Environment }> {
  const project = (await findProject(store, teamId, input.project)).value;
  return { project, environment: (await findEnvironment(store, project, input.environment)).value };
}

export async function findDeployment(store: Store, teamId: string, id: string): Promise<Deployment> {
  const found = await store.get("deployment", { teamId, id });
  if (found === undefined)
    throw new CloudSmithError("not-found", `There is no deployment ${id}`, {
      fix: "List those of a project: cloudsmith status <project>",
    });
  return found.value;
}
