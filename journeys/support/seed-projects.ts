import { environmentPuts, newEnvironment } from "@cloudsmith/agent/src/api/projects.ts";
import type { Paths } from "@cloudsmith/agent/src/paths.ts";
import { localTeam } from "@cloudsmith/authspire";
import { newId, type Environment, type Project } from "@cloudsmith/contracts";
import { openSqliteStore, type Store } from "@cloudsmith/store";
import { mkdirSync } from "node:fs";

/** Projects in one commit, of at most 100 items. */
const together = 20;

/** Puts many projects that were never deployed into a data folder whose agent does not run. */
export async function seedProjects(paths: Paths, count: number): Promise<void> {
  mkdirSync(paths.home, { recursive: true, mode: 0o700 });
  const store = openSqliteStore({ file: paths.database });
  for (let first = 0; first < count; first += together) {
    const size = Math.min(together, count - first);
    await store.commit({ puts: Array.from({ length: size }, (_, index) => nth(first + index)).flat() });
  }
  await store.close();
}

/** Puts one project, of whose environment so many sequences were given. */
export async function seedProject(
  store: Store,
  name: string,
  sequence: number,
): Promise<{ project: Project; environment: Environment }> {
  const createdAt = new Date(Date.UTC(2026, 0, 1)).toISOString();
  const project = projectOf(name, createdAt);
  const environment = { ...newEnvironment(project, "production", createdAt), sequence };
  await store.commit({ puts: putsOf(project, environment) });
  return { project, environment };
}

function nth(index: number) {
  const createdAt = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
  const project = projectOf(`app-${String(index).padStart(5, "0")}`, createdAt);
  return putsOf(project, newEnvironment(project, "production", createdAt));
}

function projectOf(name: string, createdAt: string): Project {
  return {
    id: newId("project"),
    teamId: localTeam.teamId,
    name,
    source: { type: "git", url: `https://example.invalid/acme/${name}.git`, ref: null, dir: "" },
    settings: {},
    credential: null,
    state: "active",
    createdAt,
  };
}

function putsOf(project: Project, environment: Environment) {
  const { teamId, name, id: owner } = project;
  return [
    { entity: "project" as const, value: project, if: "absent" as const },
    { entity: "claim" as const, value: { teamId, scope: "project-name", name, owner }, if: "absent" as const },
    ...environmentPuts(project, environment),
  ];
}
