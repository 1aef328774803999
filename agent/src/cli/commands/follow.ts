import type { Define } from "../cli.ts";
import { findDeployment } from "../find-deployment.ts";
import { environmentOf, finishDeployment } from "../finish-deployment.ts";

/** `cloudsmith follow [deployment]` */
export const define: Define = (command, cli) => {
  command
    .argument("[deployment]", "deployment (id, number, project) or nothing for this folder's newest")
    .option("-e, --environment <name>", "environment")
    .action(async (text: string | undefined, options: { environment?: string }) => {
      const client = await cli.connect({ start: true });
      const deployment = await findDeployment(cli, client, text, options.environment);
      await finishDeployment(cli, deployment, { environment: await environmentOf(client, deployment) });
    });
};
