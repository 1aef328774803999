import { CloudSmithError } from "@cloudsmith/contracts";
import { ask } from "../ask.ts";
import type { Define } from "../cli.ts";

/** `cloudsmith destroy <project>` */
export const define: Define = (command, cli) => {
  command
    .argument("<project>", "project")
    .option("-y, --yes", "do not ask")
    .action(async (project: string, { yes }: { yes?: boolean }) => {
      const client = await cli.connect({ start: true });
      const { project: found, environments } = await client.projects.get({ project });
      if (yes !== true) {
        const names = environments.map(({ environment }) => environment.name).join(", ");
        cli.out.note(`This stops and deletes ${found.name} (${names}): its releases, logs, files and secrets.`);
        const typed = await ask(`Type its name to go on: `, "Pass --yes");
        if (typed !== found.name) throw new CloudSmithError("aborted", "The name was another one; nothing is changed");
      }
      await client.projects.destroy({ project: found.id, confirm: found.name });
      cli.out.result({ destroyed: found.name, id: found.id }, () => `${found.name} is being taken down`);
    });
};
