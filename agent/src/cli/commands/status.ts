import type { Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import type { Cli, Define } from "../cli.ts";
import { deploymentState, describeSource, describeState } from "../describe-environment.ts";
import { findEnvironment, placeOf, type EnvironmentName } from "../find-environment.ts";
import { addresses, describeFailure } from "../finish-deployment.ts";
import { formatAgo, formatDuration, formatTable } from "../format.ts";

/** `cloudsmith status [project]` */
export const define: Define = (command, cli) => {
  command
    .argument("[project]", "project, or project/environment")
    .option("-e, --environment <name>", "environment")
    .action(async (name: string | undefined, options: { environment?: string }) => {
      const client = await cli.connect();
      const where = await findEnvironment(cli, client, name, options.environment);
      const [view, { project }, recent] = await Promise.all([
        client.environments.get(where),
        client.projects.get({ project: where.project }),
        client.deployments.list({ ...where, limit: 8 }),
      ]);
      cli.out.result({ project: project.name, ...view, deployments: recent.items }, () => [
        `${cli.out.colors.bold(where.project)} → ${where.environment}  ${describeState(cli.out, view)}`,
        `  ${describeSource(project.source)}`,
        ...addresses(cli, view),
        ...describeView(cli, where, view),
        "",
        ...deploymentTable(cli, recent.items, view),
        ...lastFailure(cli, recent.items),
      ]);
    });
};

function describeView(
  { out: { colors }, hint }: Cli,
  where: EnvironmentName,
  { observed, changesPending, environment }: EnvironmentView,
): string[] {
  return [
    ...(observed.memoryMb === null
      ? []
      : [
          `  ${Math.round(observed.memoryMb)} MB, ${(observed.cpuPercent ?? 0).toFixed(0)} % CPU, ${observed.restarts} restarts`,
        ]),
    ...(observed.detail === null ? [] : observed.detail.split("\n").map((line) => `  ${colors.red("│")} ${line}`)),
    ...(changesPending.length === 0
      ? []
      : [
          `  ${colors.yellow("changes pending")} until ${hint(`redeploy ${placeOf(where)}`)}: ${changesPending.map((each) => `${each.name} ${each.change}`).join(", ")}`,
        ]),
    ...(environment.automaticDeployments === "paused"
      ? [
          `  ${colors.yellow("automatic deployments are paused")} by a rollback; go on with ${hint(`resume ${placeOf(where)}`)}`,
        ]
      : []),
  ];
}

function deploymentTable({ out: { colors } }: Cli, deployments: Deployment[], view: EnvironmentView): string[] {
  const rows = deployments.map((each) => [
    `${each.id === view.liveDeployment?.id ? colors.green("▸") : " "} #${each.sequence}`,
    deploymentState(each, view),
    each.trigger,
    each.settledAt === null ? "" : formatDuration(Date.parse(each.settledAt) - Date.parse(each.createdAt)),
    formatAgo(each.createdAt),
    each.commit === null
      ? ""
      : `${each.commit.sha.slice(0, 7)} ${each.commit.message.split("\n")[0] ?? ""}`.slice(0, 50),
    colors.dim(each.id),
  ]);
  return formatTable(["  no", "state", "trigger", "took", "asked", "commit", "id"], rows);
}

function lastFailure(cli: Cli, [newest]: Deployment[]): string[] {
  return newest?.state === "failed" ? ["", ...describeFailure(cli, newest)] : [];
}
