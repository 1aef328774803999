import type { Define } from "../cli.ts";
import { findEnvironment } from "../find-environment.ts";

/** `cloudsmith resume [project]` */
export const define: Define = (command, cli) => {
  command
    .argument("[project]", "project, or project/environment")
    .option("-e, --environment <name>", "environment")
    .action(async (name: string | undefined, options: { environment?: string }) => {
      const client = await cli.connect({ start: true });
      const where = await findEnvironment(cli, client, name, options.environment);
      const view = await client.environments.resume(where);
      cli.out.result(view, () => `${where.project} → ${where.environment} is deployed automatically again`);
    });
};
