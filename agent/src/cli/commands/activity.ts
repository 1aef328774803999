import type { Define } from "../cli.ts";
import { formatAgo, formatTable } from "../format.ts";

/** `cloudsmith activity` */
export const define: Define = (command, cli) => {
  command
    .option("-p, --project <name>", "of one project")
    .option("-n, --lines <number>", "how many", "50")
    .option("--cursor <cursor>", "the next page")
    .action(async ({ project, lines, cursor }: { project?: string; lines: string; cursor?: string }) => {
      const client = await cli.connect();
      const page = await client.activity.list({
        limit: Number(lines),
        ...(project !== undefined && { project }),
        ...(cursor !== undefined && { cursor }),
      });
      cli.out.result(page, () => [
        ...formatTable(
          ["when", "who", "what", "subject", ""],
          page.items.map((each) => [formatAgo(each.at), each.actor.name, each.action, each.subject, each.detail]),
        ),
        ...(page.cursor === null ? [] : [`More: ${cli.hint(`activity --cursor ${page.cursor}`)}`]),
      ]);
    });
};
