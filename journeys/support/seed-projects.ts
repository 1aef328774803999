import { environmentPuts, newEnvironment } from "@cloudsmith/agent/src/api/projects.ts";
import type { Paths } from "@cloudsmith/agent/src/paths.ts";
import { localTeam } from "@cloudsmith/authspire";
import { newId, type Project } from "@cloudsmith/contracts";
import { openSqliteStore } from "@cloudsmith/store";
import { mkdirSync } from "node:fs";

/** Projects in one commit, of at most 100 items. */
const together = 20;

/** Puts many projects that were never deployed into a data folder whose agent does not run. */
export async function seedProjects(paths: Paths, count: number): Promise<void> {
  mkdirSync(paths.home, { recursive: true, mode: 0o700 });
  const store = openSqliteStore({ file: paths.database });
  for (let first = 0; first < count; first += together) {
    const size = Math.min(together, count - first);
    await store.commit({ puts: Array.from({ length: size }, (_, index) => putsOf(first + index)).flat() });
  }
  await store.close();
}

function putsOf(index: number) {
  const { teamId } = localTeam;
  const name = `app-${String(index).padStart(5, "0")}`;
  const createdAt = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
  const project: Project = {
    id: newId("project"),
    teamId,
    name,
    source: { type: "git", url: `https://example.invalid/acme/${name}.git`, ref: null, dir: "" },
    settings: {},
    credential: null,
    state: "active",
    createdAt,
  };
  return [
    { entity: "project" as const, value: project, if: "absent" as const },
    {
      entity: "claim" as const,
      value: { teamId, scope: "project-name", name, owner: project.id },
      if: "absent" as const,
    },
    ...environmentPuts(project, newEnvironment(project, "production", createdAt)),
  ];
}
