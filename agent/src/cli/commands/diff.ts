import type { Deployment } from "@cloudsmith/contracts";
import type { Cli, Define } from "../cli.ts";
import { deploymentState } from "../describe-environment.ts";
import { findDeployment } from "../find-deployment.ts";
import { environmentOf } from "../finish-deployment.ts";
import { formatTable } from "../format.ts";

/** `cloudsmith diff [deployment] [against]` */
export const define: Define = (command, cli) => {
  command
    .argument("[deployment]", "deployment (id, number, project) or nothing for this folder's newest")
    .argument("[against]", "the other deployment (default: the one that was live before)")
    .option("-e, --environment <name>", "environment")
    .action(async (text: string | undefined, other: string | undefined, options: { environment?: string }) => {
      const client = await cli.connect();
      const deployment = await findDeployment(cli, client, text, options.environment);
      const against =
        other === undefined ? undefined : (await findDeployment(cli, client, other, options.environment)).id;
      const diff = await client.deployments.diff({
        deployment: deployment.id,
        ...(against !== undefined && { against }),
      });
      const view = await client.environments.get(await environmentOf(client, diff.to));
      const named = (each: Deployment): string => `#${each.sequence} (${deploymentState(each, view)})`;
      cli.out.result(diff, () => [
        diff.from === null ? `#${diff.to.sequence} is the first one` : `${named(diff.from)} → ${named(diff.to)}`,
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
