import { Button } from "@chakra-ui/react";
import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";
import { CirclePlay, ExternalLink, Plus, RotateCw, Rocket, Square, StepForward, Undo2 } from "lucide-react";
import { useCommands, type Command } from "../../commands/registry.ts";
import { openExternal } from "../../native.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { useProjectActions } from "./use-project-actions.ts";
import { useProjectNavigate } from "./use-project-page.ts";

export interface ProjectActionsBarProps {
  readonly view: ProjectView;
  readonly environment: EnvironmentView;
}

/** What can be done with the chosen environment, as buttons; the same and more is in the palette. */
export function ProjectActionsBar({ view, environment }: ProjectActionsBarProps) {
  const say = useSay(words);
  const name = environment.environment.name;
  const { deploy, redeploy } = useCommandsOf(view, environment);
  const { url } = environment;
  const leaving = view.project.state === "destroying";
  const none = environment.environment.sequence === 0;
  return (
    <>
      <Button
        size="sm"
        variant="outline"
        disabled={url === null}
        title={url ?? say("visit.none")}
        onClick={() => url !== null && openExternal(url)}
      >
        <ExternalLink size={15} />
        {say("visit")}
      </Button>
      <Button
        size="sm"
        variant="outline"
        loading={redeploy.isPending}
        disabled={none || leaving}
        title={none ? say("redeploy.none", { environment: name }) : say("redeploy.title")}
        onClick={() => redeploy.mutate()}
      >
        <RotateCw size={15} />
        {say("redeploy")}
      </Button>
      <Button
        size="sm"
        colorPalette="accent"
        loading={deploy.isPending}
        disabled={leaving}
        title={leaving ? say("destroying") : say("deploy.title", { environment: name })}
        onClick={() => deploy.mutate()}
      >
        <Rocket size={15} />
        {say("deploy")}
      </Button>
    </>
  );
}

/** Everything of a project, as commands of the palette. */
function useCommandsOf(view: ProjectView, chosen: EnvironmentView) {
  const say = useSay(words);
  const go = useProjectNavigate(view);
  const { name } = view.project;
  const environment = chosen.environment.name;
  const actions = useProjectActions({ project: view.project.id, environment });
  const isStopped = chosen.environment.desired === "stopped";
  const isLive = chosen.environment.live !== null;
  const leaving = view.project.state === "destroying" ? say("destroying") : undefined;
  const none = chosen.environment.sequence === 0 ? say("redeploy.none", { environment }) : leaving;
  const notLive = isLive ? leaving : say("stop.none", { environment });
  const group = say("group", { name });
  const commands: Command[] = [
    {
      id: "project.visit",
      title: say("command.visit", { environment }),
      group,
      icon: ExternalLink,
      keys: "o",
      disabled: chosen.url === null ? say("visit.none") : undefined,
      run: () => chosen.url !== null && openExternal(chosen.url),
    },
    {
      id: "project.deploy",
      title: say("command.deploy", { environment }),
      group,
      icon: Rocket,
      disabled: leaving,
      run: () => actions.deploy.mutate(),
    },
    {
      id: "project.redeploy",
      title: say("command.redeploy", { environment }),
      group,
      icon: RotateCw,
      disabled: none,
      run: () => actions.redeploy.mutate(),
    },
    {
      id: "project.rollback",
      title: say("command.rollback", { environment }),
      group,
      icon: Undo2,
      disabled: none,
      run: () => go({ rollback: "previous" }, "deployments"),
    },
    isStopped
      ? {
          id: "project.start",
          title: say("command.start", { environment }),
          group,
          icon: CirclePlay,
          disabled: notLive,
          run: () => actions.start.mutate(),
        }
      : {
          id: "project.stop",
          title: say("command.stop", { environment }),
          group,
          icon: Square,
          disabled: notLive,
          run: () => actions.stop.mutate(),
        },
    ...(chosen.environment.automaticDeployments === "paused"
      ? [
          {
            id: "project.resume",
            title: say("command.resume", { environment }),
            group,
            icon: StepForward,
            run: () => actions.resume.mutate(),
          },
        ]
      : []),
    {
      id: "project.environment",
      title: say("command.addEnvironment"),
      group,
      icon: Plus,
      disabled: leaving,
      run: () => go({ ask: "environment" }, "overview"),
    },
    {
      id: "project.rename",
      title: say("command.rename", { name }),
      group,
      disabled: leaving,
      run: () => go({ ask: undefined }, "settings"),
    },
    {
      id: "project.destroy",
      title: say("command.destroy", { name }),
      group,
      disabled: leaving,
      run: () => go({ ask: "destroy" }, "settings"),
    },
  ];
  useCommands(commands);
  return actions;
}
