import type { EnvironmentView } from "@cloudsmith/contracts/api";
import type { Cli, Define } from "../cli.ts";
import { describeState } from "../describe-environment.ts";
import { allProjects } from "../find-environment.ts";
import { formatAgo, formatTable } from "../format.ts";

/** `cloudsmith ls` */
export const define: Define = (command, cli) => {
  command.action(async () => {
    const projects = await allProjects(await cli.connect());
    cli.out.result(projects, () => {
      if (projects.length === 0) return `Nothing here yet. Deploy a folder: ${cli.hint("deploy .")}`;
      const rows = projects.flatMap(({ project, environments }) =>
        environments.map((view) => row(cli, project.name, view)),
      );
      return formatTable(["project", "environment", "state", "deployed", "address"], rows);
    });
  });
};

function row({ out }: Cli, project: string, view: EnvironmentView): string[] {
  const { environment, liveDeployment, activeDeployment, changesPending } = view;
  const going = activeDeployment === null ? "" : `  ${activeDeployment.state} #${activeDeployment.sequence}`;
  const pending = changesPending.length === 0 ? "" : "  changes pending";
  return [
    out.colors.bold(project),
    environment.name,
    describeState(out, view) + out.colors.yellow(going + pending),
    liveDeployment?.settledAt == null ? "" : formatAgo(liveDeployment.settledAt),
    view.url ?? "",
  ];
}
