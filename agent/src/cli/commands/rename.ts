import type { Client, Define } from "../cli.ts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { awaitView } from "../await-view.ts";
import { addresses } from "../finish-deployment.ts";

/** `cloudsmith rename <project> <name>` */
export const define: Define = (command, cli) => {
  command
    .argument("<project>", "project")
    .argument("<name>", "its new name")
    .action(async (project: string, name: string) => {
      const client = await cli.connect({ start: true });
      const { project: found } = await client.projects.get({ project });
      const view = await client.projects.rename({ project: found.id, name });
      const environments = await Promise.all(view.environments.map((each) => moved(client, view.project.name, each)));
      cli.out.result({ ...view, environments }, () => [
        `${found.name} is called ${view.project.name} now`,
        ...environments.flatMap((each) => addresses(cli, each)),
      ]);
    });
};

/** Its addresses as they are now: the proxy follows the new name a moment later. */
function moved(client: Client, project: string, { environment, url }: EnvironmentView): Promise<EnvironmentView> {
  const { name, host } = environment;
  return awaitView(
    client,
    { project, environment: name },
    (view) => url === null || view.url?.startsWith(`http://${host}.`) === true,
  );
}
