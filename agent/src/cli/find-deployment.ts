import { CloudSmithError, type Deployment } from "@cloudsmith/contracts";
import type { Cli, Client } from "./cli.ts";
import { findEnvironment, type EnvironmentName } from "./find-environment.ts";

/**
 * The deployment that a person means: by id (`dep_…`), by number in an environment (`3`, `#3`, `shop#3`), by project (its newest), or
 * by nothing (the newest of the project that this folder belongs to).
 */
export async function findDeployment(
  cli: Cli,
  client: Client,
  text: string | undefined,
  environment: string | undefined,
): Promise<Deployment> {
  if (text?.startsWith("dep_") === true) return client.deployments.get({ deployment: text });
  const match = /^(?<project>[a-z][^#]*)?(?:#?(?<number>\d+))?$/.exec(text ?? "");
  const where = await findEnvironment(
    cli,
    client,
    match?.groups?.project ?? (match === null ? text : undefined),
    environment,
  );
  const number = match?.groups?.number;
  return number === undefined ? newest(client, where) : bySequence(client, where, Number(number));
}

async function newest(client: Client, where: EnvironmentName): Promise<Deployment> {
  const { items } = await client.deployments.list({ ...where, limit: 1 });
  if (items[0] !== undefined) return items[0];
  throw new CloudSmithError("not-found", `${where.project} has no deployment in ${where.environment} yet`, {
    fix: "Deploy it first",
  });
}

async function bySequence(client: Client, where: EnvironmentName, sequence: number): Promise<Deployment> {
  let cursor: string | null | undefined;
  do {
    const page = await client.deployments.list({ ...where, limit: 200, ...(cursor != null && { cursor }) });
    const found = page.items.find((each) => each.sequence === sequence);
    if (found !== undefined) return found;
    cursor = (page.items.at(-1)?.sequence ?? 0) < sequence ? null : page.cursor;
  } while (cursor !== null);
  throw new CloudSmithError("not-found", `${where.project} has no deployment ${sequence} in ${where.environment}`, {
    fix: `See which there are: cloudsmith status ${where.project}`,
  });
}
