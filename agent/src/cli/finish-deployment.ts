import { errorFacts, type Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { awaitView } from "./await-view.ts";
import type { Cli, Client } from "./cli.ts";
import { followDeployment } from "./follow-deployment.ts";
import { formatDuration } from "./format.ts";
import { asTyped } from "./run-as.ts";

/** Exit codes of commands that follow a deployment, by how it ended. */
export const endExits = {
  live: 0,
  failed: 1,
  superseded: errorFacts("conflict").exit,
  canceled: errorFacts("aborted").exit,
  /** The person left; the deployment goes on. */
  detached: errorFacts("aborted").exit,
} as const;

export interface FinishOptions {
  readonly environment: { readonly project: string; readonly environment: string };
  /** Only say that it was asked for. */
  readonly detach?: boolean | undefined;
}

/** Follows a deployment to its end, tells how it ended and where it is, and sets the exit code. */
export async function finishDeployment(
  cli: Cli,
  deployment: Deployment,
  { environment, detach }: FinishOptions,
): Promise<void> {
  const { out } = cli;
  if (detach === true) {
    out.item({ type: "result", deployment }, () => [
      ...title(cli, environment, deployment),
      ...afterDetach(cli, deployment),
    ]);
    return;
  }
  if (!out.json) out.write(`${title(cli, environment, deployment).join("\n")}\n`);
  const end = await followDeployment(cli, deployment);
  if (end === "detached") {
    out.item({ type: "detached", deploymentId: deployment.id }, () => afterDetach(cli, deployment));
    process.exitCode = endExits.detached;
    return;
  }
  const client = await cli.connect({ start: true });
  const settled = await client.deployments.get({ deployment: deployment.id });
  const view = await routedView(client, settled, environment);
  out.item({ type: "result", deployment: settled, environment: view }, () => describeEnd(cli, settled, view));
  process.exitCode = exitOf(settled);
}

/** The environment as it is once its address answers from the deployment: going live is one commit, and the proxy follows it a moment later. */
function routedView(
  client: Client,
  { id, state }: Deployment,
  environment: FinishOptions["environment"],
): Promise<EnvironmentView> {
  return awaitView(client, environment, (view) => {
    const isAwaited = state === "live" && view.liveDeployment?.id === id && view.environment.desired === "running";
    return !isAwaited || view.plainUrl !== null;
  });
}

/** The exit code that tells a program how a settled deployment ended. */
function exitOf({ state }: Deployment): number {
  return Object.hasOwn(endExits, state) ? endExits[state as keyof typeof endExits] : 1;
}

function title({ out: { colors } }: Cli, where: FinishOptions["environment"], { sequence, id }: Deployment): string[] {
  return [`${colors.bold(where.project)} → ${where.environment}  #${sequence}  ${colors.dim(id)}`];
}

function afterDetach(cli: Cli, { id }: Deployment): string[] {
  return [
    "  It goes on without this window.",
    `  follow  ${cli.hint(`follow ${id}`)}`,
    `  cancel  ${cli.hint(`cancel ${id}`)}`,
  ];
}

/** How a deployment ended, in lines. */
function describeEnd(cli: Cli, deployment: Deployment, view: EnvironmentView): string[] {
  const { colors } = cli.out;
  const took = formatDuration(
    Date.parse(deployment.settledAt ?? deployment.createdAt) - Date.parse(deployment.createdAt),
  );
  switch (deployment.state) {
    case "live":
      return [
        `${colors.green("✔")} ${colors.bold("Live")} in ${took}${deployment.buildReused ? colors.dim("  (build reused)") : ""}`,
        ...addresses(cli, view),
        ...warnings(cli, deployment),
      ];
    case "failed":
      return describeFailure(cli, deployment);
    case "superseded":
      return [`${colors.yellow("●")} A newer deployment took its place after ${took}`];
    default:
      return [`${colors.yellow("■")} ${colors.bold("Canceled")} after ${took}; what was live still is`];
  }
}

/** Where an environment answers. */
export function addresses({ out: { colors } }: Cli, { url, plainUrl }: EnvironmentView): string[] {
  return [url, plainUrl].filter((each) => each !== null).map((each) => `  ${colors.cyan(each)}`);
}

function warnings({ out: { colors } }: Cli, deployment: Deployment): string[] {
  return deployment.warnings.flatMap(({ message, fix }) => [
    `  ${colors.yellow("!")} ${asTyped(message)}`,
    ...(fix === undefined ? [] : [`    ${asTyped(fix)}`]),
  ]);
}

/** Why a deployment failed: the lines that show it, cause, fix and what to do next. */
export function describeFailure(cli: Cli, deployment: Deployment): string[] {
  const { colors } = cli.out;
  const { failure } = deployment;
  if (failure === null) return [`${colors.red("✖")} ${colors.bold("Failed")}`];
  return [
    `${colors.red("✖")} ${colors.bold(failure.message)} ${colors.dim(`(${failure.stage})`)}`,
    ...(failure.excerpt ?? []).map((line) => `    ${colors.dim("│")} ${line}`),
    ...(failure.cause === undefined ? [] : [`  ${colors.dim("why")}   ${failure.cause}`]),
    ...(failure.fix === undefined ? [] : [`  ${colors.dim("fix")}   ${asTyped(failure.fix)}`]),
    ...(failure.suggestion === undefined
      ? []
      : [`        apply it and deploy again: ${cli.hint(`fix ${deployment.id}`)}`]),
    `  ${colors.dim("code")}  ${failure.code}`,
    `  ${colors.dim("log")}   ${cli.hint(`logs --build ${deployment.id}`)}`,
  ];
}

/** Fetches the names that a deployment belongs to. */
export async function environmentOf(client: Client, deployment: Deployment): Promise<FinishOptions["environment"]> {
  const view = await client.projects.get({ project: deployment.projectId });
  const found = view.environments.find((each) => each.environment.id === deployment.environmentId);
  return { project: view.project.name, environment: found?.environment.name ?? "production" };
}
