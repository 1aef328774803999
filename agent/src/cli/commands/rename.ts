import type { Define } from "../cli.ts";
import { addresses } from "../finish-deployment.ts";

/** `cloudsmith rename <project> <name>` */
export const define: Define = (command, cli) => {
  command
    .argument("<project>", "project")
    .argument("<name>", "its new name")
    .action(async (project: string, name: string) => {
      const client = await cli.connect({ start: true });
      const view = await client.projects.rename({ project, name });
      cli.out.result(view, () => [
        `${project} is called ${view.project.name} now`,
        ...view.environments.flatMap((each) => addresses(cli, each)),
      ]);
    });
};
