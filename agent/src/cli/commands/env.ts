import { CloudSmithError, envValues, looksSecret, parseEnvFile } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { Option, type Command } from "commander";
import { readFile } from "node:fs/promises";
import type { Cli, Client, Define } from "../cli.ts";
import { findEnvironment, placeOf, type EnvironmentName } from "../find-environment.ts";
import { formatTable } from "../format.ts";
import { parseKeyValues, scopes, type Scope } from "../key-values.ts";

interface Target {
  readonly project?: string;
  readonly environment?: string;
}

interface ImportOptions extends Target {
  readonly scope: Scope;
  readonly plain?: boolean;
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
  sub("unset <KEY...>", "Take variables away").action((names: string[], target: Target) => unset(cli, names, target));
  sub("import <file>", "Set the variables of a .env file; what looks like a secret is kept as one")
    .addOption(scope())
    .option("--plain", "keep everything as variables, which are shown to everybody in the team")
    .action((file: string, options: ImportOptions) => importFile(cli, file, options));
};

async function open(cli: Cli, { project, environment }: Target): Promise<{ client: Client; where: EnvironmentName }> {
  const client = await cli.connect({ start: true });
  return { client, where: await findEnvironment(cli, client, project, environment) };
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

async function unset(cli: Cli, names: string[], target: Target): Promise<void> {
  const { client, where } = await open(cli, target);
  const { environment: before } = await client.environments.get(where);
  const view = await client.environments.setVariables({ ...where, set: {}, unset: names });
  cli.out.result({ changesPending: view.changesPending }, () => [
    ...describeTaken(names, before.variables, where),
    ...describePending(cli, where, view),
  ]);
}

/** Which of some names were there and are gone now, and which never were. */
export function describeTaken(
  names: readonly string[],
  before: Readonly<Record<string, unknown>>,
  { project, environment }: EnvironmentName,
): string[] {
  const [gone, unknown] = [true, false].map((was) => names.filter((name) => Object.hasOwn(before, name) === was));
  return [
    ...(gone === undefined || gone.length === 0 ? [] : [`${gone.join(", ")} taken away`]),
    ...(unknown ?? []).map((name) => `${name} is not set for ${project} in ${environment}`),
  ];
}

async function set(cli: Cli, values: Record<string, string>, options: Target & { scope: Scope }): Promise<void> {
  const { scope } = options;
  const variables = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, scope }]));
  await change(cli, options, { set: variables, unset: [] }, `${Object.keys(values).join(", ")} set`);
}

async function importFile(cli: Cli, file: string, options: ImportOptions): Promise<void> {
  const all = Object.entries(await readEnvFile(file));
  const secret = all.filter(([name, value]) => options.plain !== true && looksSecret(name, value));
  const plain = all.filter((pair) => !secret.includes(pair));
  const { scope } = options;
  const { client, where } = await open(cli, options);
  const variables = Object.fromEntries(plain.map(([name, value]) => [name, { value, scope }]));
  const secrets = Object.fromEntries(secret.map(([name, value]) => [name, { value, scope }]));
  // At once: a file that is refused half-way would leave an app with half of its configuration.
  const view =
    all.length === 0
      ? await client.environments.get(where)
      : await client.environments.configure({ ...where, set: variables, secrets, unset: [] });
  const names = { variables: Object.keys(variables), secrets: Object.keys(secrets) };
  cli.out.result({ ...names, changesPending: view.changesPending }, () => [
    ...(plain.length === 0 ? [] : [`Variables: ${names.variables.join(", ")}`]),
    ...(secret.length === 0 ? [] : [`Secrets:   ${names.secrets.join(", ")}`]),
    ...(all.length === 0 ? [`${file} sets nothing`] : []),
    ...describePending(cli, where, view),
  ]);
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
export function describePending(cli: Cli, where: EnvironmentName, view: EnvironmentView): string[] {
  if (view.changesPending.length === 0) return [];
  return [`  It takes effect with the next deployment: ${cli.hint(`redeploy ${placeOf(where)}`)}`];
}

async function readEnvFile(file: string): Promise<Record<string, string>> {
  try {
    return envValues(parseEnvFile(await readFile(file, "utf8")));
  } catch (cause) {
    throw new CloudSmithError("invalid-input", `${file} cannot be read`, {
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Give the path of a .env file",
      cause,
    });
  }
}
