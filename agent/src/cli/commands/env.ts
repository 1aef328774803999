import { CloudSmithError } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { Option, type Command } from "commander";
import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import type { Cli, Client, Define } from "../cli.ts";
import { findEnvironment, type EnvironmentName } from "../find-environment.ts";
import { formatTable } from "../format.ts";
import { parseKeyValues, scopes, type Scope } from "../key-values.ts";

interface Target {
  readonly project?: string;
  readonly environment?: string;
}

/** `cloudsmith env set|unset|ls|import` */
export const define: Define = (command, cli) => {
  const sub = (usage: string, description: string): Command =>
    command
      .command(usage)
      .description(description)
      .option("-p, --project <name>", "project (default: this folder's)")
      .option("-e, --environment <name>", "environment");
  const scope = (): Option => new Option("--scope <scope>", "where they are seen").choices(scopes).default("both");

  sub("ls", "Variables, and the names of secrets").action((target: Target) => list(cli, target));
  sub("set <KEY=value...>", "Set variables; secrets go by `secret set`")
    .addOption(scope())
    .action((pairs: string[], options: Target & { scope: Scope }) => set(cli, parseKeyValues(pairs), options));
  sub("unset <KEY...>", "Take variables away").action((unset: string[], target: Target) =>
    change(cli, target, { set: {}, unset }, `${unset.join(", ")} taken away`),
  );
  sub("import <file>", "Set the variables of a .env file")
    .addOption(scope())
    .action(async (file: string, options: Target & { scope: Scope }) => set(cli, await readEnvFile(file), options));
};

async function open(cli: Cli, { project, environment }: Target): Promise<{ client: Client; where: EnvironmentName }> {
  const client = await cli.connect({ start: true });
  return { client, where: await findEnvironment(client, project, environment) };
}

async function list(cli: Cli, target: Target): Promise<void> {
  const { client, where } = await open(cli, target);
  const { variables, secrets } = await client.environments.variables(where);
  cli.out.result({ variables, secrets }, () => {
    const rows = [
      ...Object.entries(variables).map(([name, { value, scope }]) => [name, scope, value]),
      ...secrets.map(({ name, scope, createdAt }) => [
        name,
        scope,
        cli.out.colors.dim(`secret, set ${createdAt.slice(0, 10)}`),
      ]),
    ];
    return rows.length === 0
      ? `${where.project} has no variables in ${where.environment}`
      : formatTable(["name", "scope", "value"], rows);
  });
}

async function set(cli: Cli, values: Record<string, string>, options: Target & { scope: Scope }): Promise<void> {
  const { scope } = options;
  const variables = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, scope }]));
  await change(cli, options, { set: variables, unset: [] }, `${Object.keys(values).join(", ")} set`);
}

async function change(
  cli: Cli,
  target: Target,
  input: { set: Record<string, { value: string; scope: Scope }>; unset: string[] },
  done: string,
): Promise<void> {
  const { client, where } = await open(cli, target);
  const view = await client.environments.setVariables({ ...where, ...input });
  cli.out.result({ changesPending: view.changesPending }, () => [done, ...describePending(cli, where, view)]);
}

/** What a redeploy would bring. */
export function describePending(cli: Cli, { project, environment }: EnvironmentName, view: EnvironmentView): string[] {
  if (view.changesPending.length === 0) return [];
  const place = environment === "production" ? project : `${project}/${environment}`;
  return [`  It takes effect with the next deployment: ${cli.hint(`redeploy ${place}`)}`];
}

async function readEnvFile(file: string): Promise<Record<string, string>> {
  try {
    const values = Object.entries(parseEnv(await readFile(file, "utf8")));
    return Object.fromEntries(values.filter((pair): pair is [string, string] => pair[1] !== undefined));
  } catch (cause) {
    throw new CloudSmithError("invalid-input", `${file} cannot be read`, {
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Give the path of a .env file",
      cause,
    });
  }
}
