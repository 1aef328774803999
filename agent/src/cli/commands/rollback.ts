import { randomUUID } from "node:crypto";
import type { Define } from "../cli.ts";
import { findEnvironment } from "../find-environment.ts";
import { finishDeployment } from "../finish-deployment.ts";

/** `cloudsmith rollback [project] [--to]` */
export const define: Define = (command, cli) => {
  command
    .argument("[project]", "project, or project/environment")
    .option("-e, --environment <name>", "environment")
    .option("--to <deployment>", "id or number of the deployment to go back to (default: the one before the live one)")
    .option("--detach", "do not follow the deployment")
    .action(async (name: string | undefined, options: { environment?: string; to?: string; detach?: boolean }) => {
      const client = await cli.connect({ start: true });
      const environment = await findEnvironment(cli, client, name, options.environment);
      const to = options.to?.replace(/^#/, "");
      const requestKey = randomUUID();
      const deployment = await client.deployments.rollback({
        ...environment,
        requestKey,
        ...(to !== undefined && { to }),
      });
      await finishDeployment(cli, deployment, { environment, detach: options.detach });
    });
};
