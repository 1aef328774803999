import type { Define } from "../cli.ts";
import { describeState } from "../describe-environment.ts";
import { findEnvironment, placeOf } from "../find-environment.ts";

/** `cloudsmith stop [project]` */
export const define: Define = (command, cli) => {
  command
    .argument("[project]", "project, or project/environment")
    .option("-e, --environment <name>", "environment")
    .action(async (name: string | undefined, options: { environment?: string }) => {
      const client = await cli.connect({ start: true });
      const where = await findEnvironment(cli, client, name, options.environment);
      const view = await client.environments.stop(where);
      cli.out.result(view, () => [
        `${where.project} → ${where.environment}  ${describeState(cli.out, view)}`,
        `  Start it again: ${cli.hint(`start ${placeOf(where)}`)}`,
      ]);
    });
};
