import { CloudSmithError } from "@cloudsmith/contracts";
import type { ProjectView } from "@cloudsmith/contracts/api";
import type { Client } from "./cli.ts";
import { coversFolder } from "./parse-source.ts";

export interface EnvironmentName {
  readonly project: string;
  readonly environment: string;
}

/** Every project, page by page. */
export async function allProjects(client: Client): Promise<ProjectView[]> {
  const projects: ProjectView[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await client.projects.list({ limit: 200, ...(cursor != null && { cursor }) });
    projects.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return projects;
}

/**
 * The environment that a person means by `shop`, `shop/staging` or nothing: then the project whose folder this is, or the only one.
 * @throws CloudSmithError `invalid-input` where it could be several.
 */
export async function findEnvironment(
  client: Client,
  name: string | undefined,
  environment: string | undefined,
): Promise<EnvironmentName> {
  const [project, named] = name?.split("/", 2) ?? [];
  const chosen = { environment: environment ?? named ?? "production" };
  if (project !== undefined && project !== "") return { project, ...chosen };
  const projects = await allProjects(client);
  const here = projects.filter((each) => coversFolder(each.project.source, process.cwd()));
  const [only, ...others] = here.length > 0 ? here : projects;
  if (only !== undefined && others.length === 0) return { project: only.project.name, ...chosen };
  throw new CloudSmithError("invalid-input", "Which project?", {
    why:
      only === undefined
        ? "Nothing has been deployed yet"
        : `There are several: ${projects
            .slice(0, 10)
            .map((each) => each.project.name)
            .join(", ")}`,
    fix: only === undefined ? "Deploy a folder first: cloudsmith deploy ." : "Name one, for example `status shop`",
  });
}
