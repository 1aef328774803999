import { CloudSmithError } from "@cloudsmith/contracts";
import { Option, type Command } from "commander";
import { text as readAll } from "node:stream/consumers";
import { askHidden } from "../ask.ts";
import type { Cli, Define } from "../cli.ts";
import { findEnvironment } from "../find-environment.ts";
import { formatAgo, formatTable } from "../format.ts";
import { scopes, type Scope } from "../key-values.ts";
import { describePending, describeTaken } from "./env.ts";

interface Target {
  readonly project?: string;
  readonly environment?: string;
}

/** `cloudsmith secret set|unset|ls`. A value comes from standard input or is asked for, never from the command line, which others can read. */
export const define: Define = (command, cli) => {
  const sub = (usage: string, description: string): Command =>
    command
      .command(usage)
      .description(description)
      .option("-p, --project <name>", "project (default: this folder's)")
      .option("-e, --environment <name>", "environment");

  sub("ls", "Names and ages of secrets, never their values").action((target: Target) => list(cli, target));
  sub("set <NAME>", "Set a secret; its value is asked for or read from standard input")
    .addOption(new Option("--scope <scope>", "where it is seen").choices(scopes).default("run"))
    .option("--revoke-old", "older deployments get the new value too when they are rolled back to")
    .action(set.bind(undefined, cli));
  sub("unset <NAME...>", "Take secrets away").action(async (unset: string[], target: Target) => {
    const client = await cli.connect({ start: true });
    const where = await findEnvironment(cli, client, target.project, target.environment);
    const { environment: before } = await client.environments.get(where);
    const view = await client.environments.setSecrets({ ...where, set: {}, unset });
    cli.out.result({ changesPending: view.changesPending }, () => [
      ...describeTaken(unset, before.secrets, where),
      ...describePending(cli, where, view),
    ]);
  });
};

async function list(cli: Cli, target: Target): Promise<void> {
  const client = await cli.connect({ start: true });
  const where = await findEnvironment(cli, client, target.project, target.environment);
  const { secrets } = await client.environments.variables(where);
  cli.out.result(secrets, () =>
    secrets.length === 0
      ? `${where.project} has no secrets in ${where.environment}`
      : formatTable(
          ["name", "scope", "set", "by"],
          secrets.map(({ name, scope, createdAt, createdBy }) => [name, scope, formatAgo(createdAt), createdBy.name]),
        ),
  );
}

async function set(cli: Cli, name: string, options: Target & { scope: Scope; revokeOld?: boolean }): Promise<void> {
  const value = await readSecret(name);
  const client = await cli.connect({ start: true });
  const where = await findEnvironment(cli, client, options.project, options.environment);
  const view = await client.environments.setSecrets({
    ...where,
    set: { [name]: { value, scope: options.scope, revokeOld: options.revokeOld === true } },
    unset: [],
  });
  cli.out.result({ changesPending: view.changesPending }, () => [`${name} set`, ...describePending(cli, where, view)]);
}

async function readSecret(name: string): Promise<string> {
  const value = process.stdin.isTTY
    ? await askHidden(`Value of ${name} (not shown): `, 'Pipe it in: printf %s "$VALUE" | cloudsmith secret set NAME')
    : (await readAll(process.stdin)).replace(/\r?\n$/, "");
  if (value !== "") return value;
  throw new CloudSmithError("invalid-input", `No value came for ${name}`, {
    why: "Standard input was empty",
    fix: `Pipe it in, or run the command on a terminal and type it`,
  });
}
