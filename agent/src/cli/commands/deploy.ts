import { randomUUID } from "node:crypto";
import { InvalidArgumentError } from "commander";
import type { PlanSettings } from "@cloudsmith/contracts";
import type { ProjectView } from "@cloudsmith/contracts/api";
import type { Client, Define } from "../cli.ts";
import { findAccount } from "../find-account.ts";
import { finishDeployment } from "../finish-deployment.ts";
import { parseSource } from "../parse-source.ts";

interface DeployOptions extends SettingOptions {
  readonly dir?: string;
  readonly name?: string;
  readonly account?: string;
  readonly environment: string;
  readonly envFiles?: boolean;
  readonly detach?: boolean;
}

interface SettingOptions {
  readonly framework?: string;
  readonly install?: string;
  readonly build?: string;
  readonly release?: string;
  readonly startCommand?: string;
  readonly output?: string;
  readonly port?: number;
  readonly health?: string;
}

/** `cloudsmith deploy [source]` */
export const define: Define = (command, cli) => {
  command
    .argument("[source]", "folder, Git URL or owner/repo, each with #branch, #tag or #commit", ".")
    .option("--dir <folder>", "sub-folder that holds the app")
    .option("--name <name>", "name of a new project (default: that of the folder or repository)")
    .option("--account <account>", "read the repository with this account (see: github accounts); the project keeps it")
    .option("-e, --environment <name>", "environment to bring it to; made where it does not exist", "production")
    .option("--env-files", "take .env files of the folder along")
    .option("--detach", "do not follow the deployment")
    .option("--framework <name>", "for this deployment: the framework")
    .option("--install <command>", "for this deployment: the install command")
    .option("--build <command>", "for this deployment: the build command")
    .option("--release <command>", "for this deployment: the command before the switch")
    .option("--start-command <command>", "for this deployment: the start command")
    .option("--output <folder>", "for this deployment: folder of static files")
    .option("--port <number>", "for this deployment: port of an app that ignores PORT", parsePort)
    .option("--health <path>", "for this deployment: path that must answer")
    .action(async (text: string, options: DeployOptions) => {
      const source = parseSource(text, { dir: options.dir, includeEnvFiles: options.envFiles });
      const client = await cli.connect({ start: true });
      const account = options.account === undefined ? undefined : (await findAccount(cli, client, options.account)).id;
      const { project } = await client.projects.ensure({
        source,
        ...(options.name !== undefined && { name: options.name }),
        ...(account !== undefined && { account }),
      });
      if (account !== undefined && project.project.credential !== account)
        await client.projects.update({ project: project.project.id, account });
      // From the environment and not an option: arguments stand in everybody's list of processes.
      const token = process.env["CLOUDSMITH_GIT_TOKEN"];
      if (source.type === "git" && token !== undefined && token !== "") {
        await client.projects.setGitToken({ project: project.project.id, token });
      }
      await ensureEnvironment(client, project, options.environment);
      const environment = { project: project.project.name, environment: options.environment };
      const deployment = await client.deployments.create({
        ...environment,
        source,
        flags: settingsOf(options),
        requestKey: randomUUID(),
      });
      await finishDeployment(cli, deployment, { environment, detach: options.detach });
    });
};

async function ensureEnvironment(client: Client, view: ProjectView, name: string): Promise<void> {
  if (view.environments.some(({ environment }) => environment.name === name)) return;
  await client.environments.create({ project: view.project.name, name });
}

function settingsOf({
  framework,
  install,
  build,
  release,
  startCommand,
  output,
  port,
  health,
}: SettingOptions): PlanSettings {
  return {
    ...(framework !== undefined && { framework: framework === "none" ? null : framework }),
    ...(install !== undefined && { install }),
    ...(build !== undefined && { build }),
    ...(release !== undefined && { release }),
    ...(startCommand !== undefined && { start: startCommand }),
    ...(output !== undefined && { output }),
    ...(port !== undefined && { port }),
    ...(health !== undefined && { health: { path: health } }),
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError("A port is a number from 1 to 65535.");
}
