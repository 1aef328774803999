import type { Cli, Define } from "../cli.ts";
import { findDeployment } from "../find-deployment.ts";
import { formatTable } from "../format.ts";

/** `cloudsmith diff [deployment] [against]` */
export const define: Define = (command, cli) => {
  command
    .argument("[deployment]", "deployment (id, number, project) or nothing for this folder's newest")
    .argument("[against]", "the other deployment (default: the one that was live before)")
    .option("-e, --environment <name>", "environment")
    .action(async (text: string | undefined, other: string | undefined, options: { environment?: string }) => {
      const client = await cli.connect();
      const deployment = await findDeployment(client, text, options.environment);
      const against = other === undefined ? undefined : (await findDeployment(client, other, options.environment)).id;
      const diff = await client.deployments.diff({
        deployment: deployment.id,
        ...(against !== undefined && { against }),
      });
      cli.out.result(diff, () => [
        diff.from === null
          ? `#${diff.to.sequence} is the first one`
          : `#${diff.from.sequence} (${diff.from.state}) → #${diff.to.sequence} (${diff.to.state})`,
        ...describeDifferences(cli, diff.differences),
      ]);
    });
};

interface Difference {
  readonly part: string;
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

function describeDifferences({ out: { colors } }: Cli, differences: Difference[]): string[] {
  if (differences.length === 0) return ["No difference in commit, plan and configuration"];
  const rows = differences.map(({ part, name, before, after }) => [
    part,
    name,
    before === null ? colors.dim("—") : colors.red(before),
    after === null ? colors.dim("—") : colors.green(after),
  ]);
  return formatTable(["part", "name", "before", "after"], rows);
}
