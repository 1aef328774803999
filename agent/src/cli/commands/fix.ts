import type { Define } from "../cli.ts";
import { findDeployment } from "../find-deployment.ts";
import { environmentOf, finishDeployment } from "../finish-deployment.ts";

/** `cloudsmith fix [deployment]` */
export const define: Define = (command, cli) => {
  command
    .argument("[deployment]", "failed deployment (id, number, project) or nothing for this folder's newest")
    .option("-e, --environment <name>", "environment")
    .option("--detach", "do not follow the deployment")
    .action(async (text: string | undefined, options: { environment?: string; detach?: boolean }) => {
      const client = await cli.connect({ start: true });
      const failed = await findDeployment(cli, client, text, options.environment);
      const deployment = await client.deployments.fix({ deployment: failed.id });
      await finishDeployment(cli, deployment, {
        environment: await environmentOf(client, deployment),
        detach: options.detach,
      });
    });
};
