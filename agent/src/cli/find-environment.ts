import { CloudSmithError } from "@cloudsmith/contracts";
import type { ProjectView } from "@cloudsmith/contracts/api";
import { join } from "node:path";
import type { Cli, Client } from "./cli.ts";
import { coversFolder } from "./parse-source.ts";

export interface EnvironmentName {
  readonly project: string;
  readonly environment: string;
}

/** An environment as one types it: `shop`, or `shop/staging`. */
export function placeOf({ project, environment }: EnvironmentName): string {
  return environment === "production" ? project : `${project}/${environment}`;
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
  cli: Cli,
  client: Client,
  name: string | undefined,
  environment: string | undefined,
): Promise<EnvironmentName> {
  const [project, named] = name?.split("/", 2) ?? [];
  const chosen = { environment: environment ?? named ?? "production" };
  if (project !== undefined && project !== "") return { project, ...chosen };
  const found = candidates(await allProjects(client), process.cwd());
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return { project: only.project.name, ...chosen };
  throw new CloudSmithError("invalid-input", "Which project?", {
    why: only === undefined ? "Nothing has been deployed yet" : `There are several: ${listed(found)}`,
    fix:
      only === undefined
        ? `Deploy a folder first: ${cli.hint("deploy .")}`
        : `Name one: ${cli.naming(only.project.name)}`,
  });
}

/** The projects that could be meant in a folder: those whose source is nearest above it, else all. */
function candidates(projects: readonly ProjectView[], folder: string): readonly ProjectView[] {
  const depth = ({ project: { source } }: ProjectView): number =>
    source.type === "folder" ? join(source.path, source.dir).length : 0;
  const here = projects.filter((each) => coversFolder(each.project.source, folder));
  const nearest = Math.max(...here.map(depth));
  return here.length === 0 ? projects : here.filter((each) => depth(each) === nearest);
}

const mostNamed = 10;

function listed(projects: readonly ProjectView[]): string {
  const names = projects.slice(0, mostNamed).map((each) => each.project.name);
  const more = projects.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
