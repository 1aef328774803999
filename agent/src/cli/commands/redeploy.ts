import { randomUUID } from "node:crypto";
import type { Define } from "../cli.ts";
import { findDeployment } from "../find-deployment.ts";
import { findEnvironment } from "../find-environment.ts";
import { finishDeployment } from "../finish-deployment.ts";

interface RedeployOptions {
  readonly environment?: string;
  readonly deployment?: string;
  readonly detach?: boolean;
}

/** `cloudsmith redeploy [project]` */
export const define: Define = (command, cli) => {
  command
    .argument("[project]", "project, or project/environment")
    .option("-e, --environment <name>", "environment")
    .option("--deployment <deployment>", "id or number of another deployment than the newest")
    .option("--detach", "do not follow the deployment")
    .action(async (name: string | undefined, options: RedeployOptions) => {
      const client = await cli.connect({ start: true });
      const environment = await findEnvironment(cli, client, name, options.environment);
      const chosen = options.deployment;
      const source =
        chosen === undefined || chosen.startsWith("dep_")
          ? chosen
          : (
              await findDeployment(
                cli,
                client,
                `${environment.project}#${chosen.replace(/^#/, "")}`,
                environment.environment,
              )
            ).id;
      const deployment = await client.deployments.redeploy({
        ...environment,
        requestKey: randomUUID(),
        ...(source !== undefined && { deployment: source }),
      });
      await finishDeployment(cli, deployment, { environment, detach: options.detach });
    });
};
