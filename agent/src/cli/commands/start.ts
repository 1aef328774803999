import { awaitView } from "../await-view.ts";
import type { Define } from "../cli.ts";
import { describeState } from "../describe-environment.ts";
import { findEnvironment } from "../find-environment.ts";
import { addresses } from "../finish-deployment.ts";

/** `cloudsmith start [project]` */
export const define: Define = (command, cli) => {
  command
    .argument("[project]", "project, or project/environment")
    .option("-e, --environment <name>", "environment")
    .action(async (name: string | undefined, options: { environment?: string }) => {
      const client = await cli.connect({ start: true });
      const where = await findEnvironment(cli, client, name, options.environment);
      await client.environments.start(where);
      const view = await awaitView(client, where, ({ plainUrl, observed: { state }, environment }) => {
        const isUp = state === "healthy" && plainUrl !== null;
        return environment.live === null || isUp || state === "crashing";
      });
      cli.out.result(view, () => [
        `${where.project} → ${where.environment}  ${describeState(cli.out, view)}`,
        ...addresses(cli, view),
      ]);
    });
};
