import { CloudSmithError, type Deployment } from "@cloudsmith/contracts";
import type { Cli, Client, Define } from "../cli.ts";
import { findDeployment } from "../find-deployment.ts";
import { findEnvironment } from "../find-environment.ts";

/** `cloudsmith cancel [deployment|project]` */
export const define: Define = (command, cli) => {
  command
    .argument("[deployment]", "deployment, or project whose running deployment it is")
    .option("-e, --environment <name>", "environment")
    .action(async (text: string | undefined, options: { environment?: string }) => {
      const client = await cli.connect({ start: true });
      const deployment = await running(cli, client, text, options.environment);
      const canceled = await client.deployments.cancel({ deployment: deployment.id });
      cli.out.result(canceled, () => `Canceling #${canceled.sequence} (${canceled.id}); what is live stays`);
    });
};

/** A named deployment, or the one that goes on in an environment. */
async function running(
  cli: Cli,
  client: Client,
  text: string | undefined,
  environment: string | undefined,
): Promise<Deployment> {
  if (text !== undefined && /^dep_|#|^\d+$/.test(text)) return findDeployment(cli, client, text, environment);
  const where = await findEnvironment(cli, client, text, environment);
  const { activeDeployment } = await client.environments.get(where);
  if (activeDeployment !== null) return activeDeployment;
  throw new CloudSmithError(
    "already-settled",
    `Nothing is being deployed to ${where.project} in ${where.environment}`,
    {
      fix: `See what happened last: cloudsmith status ${where.project}`,
    },
  );
}
