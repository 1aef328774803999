import type { ProjectView } from "@cloudsmith/contracts/api";
import { Ban, ExternalLink, FolderOpen, History, Play, Rocket, Square } from "lucide-react";
import { client } from "../api/client.ts";
import { sourceName } from "../api/source-name.ts";
import { openExternal } from "../native.ts";
import { toast, toastError } from "../parts/toast.ts";
import { deploymentPath, projectPath } from "../paths.ts";
import type { palette } from "../words/palette.ts";
import type { Say } from "../words/say.ts";
import type { Command } from "./registry.ts";

export interface CommandTools {
  readonly say: Say<typeof palette>;
  readonly go: (path: string) => void;
}

/** All that can be done with a project's environments. What cannot be done now says why. */
export function commandsOf({ project, environments }: ProjectView, { say, go }: CommandTools): Command[] {
  const named = { name: project.name };
  const page: Command = {
    id: `${project.id} page`,
    title: say("project.page", named),
    group: say("group.projects"),
    icon: FolderOpen,
    also: sourceName(project.source),
    run: () => go(projectPath(project.name)),
  };
  return [page, ...environments.flatMap((view) => environmentCommands(project.name, view, { say, go }))];
}

function environmentCommands(
  project: string,
  view: ProjectView["environments"][number],
  { say, go }: CommandTools,
): Command[] {
  const environment = view.environment.name;
  const name = environment === "production" ? project : `${project}/${environment}`;
  const where = { project, environment };
  const {
    url,
    activeDeployment: active,
    environment: { live, desired },
  } = view;
  const follow = (work: Promise<{ id: string }>): void =>
    void work.then(({ id }) => go(deploymentPath(id)), toastError);
  const tell = (work: Promise<unknown>, title: string): void => void work.then(() => toast({ title }), toastError);
  const command = (verb: string, rest: Omit<Command, "id" | "group">): Command => ({
    id: `${view.environment.id} ${verb}`,
    group: say("group.projects"),
    ...rest,
  });
  const notLive = live === null ? say("why.notLive") : undefined;
  return [
    command("deploy", {
      title: say("project.deploy", { name }),
      icon: Rocket,
      run: () => {
        const request = { ...where, requestKey: crypto.randomUUID() };
        follow(
          view.lastDeployment === null ? client.deployments.create(request) : client.deployments.redeploy(request),
        );
      },
    }),
    command("open", {
      title: say("project.open", { name }),
      icon: ExternalLink,
      disabled: url === null ? say("why.notLive") : undefined,
      run: () => url !== null && openExternal(url),
    }),
    command("rollback", {
      title: say("project.rollback", { name }),
      icon: History,
      disabled: notLive,
      run: () => go(`${projectPath(project)}/deployments?environment=${encodeURIComponent(environment)}`),
    }),
    command("cancel", {
      title: say("project.cancel", { name }),
      icon: Ban,
      disabled: active === null ? say("why.nothingToCancel") : undefined,
      run: () =>
        active !== null && tell(client.deployments.cancel({ deployment: active.id }), say("done.cancel", { name })),
    }),
    desired === "stopped" && live !== null
      ? command("start", {
          title: say("project.start", { name }),
          icon: Play,
          run: () => tell(client.environments.start(where), say("done.start", { name })),
        })
      : command("stop", {
          title: say("project.stop", { name }),
          icon: Square,
          disabled: notLive,
          run: () => tell(client.environments.stop(where), say("done.stop", { name })),
        }),
  ];
}
