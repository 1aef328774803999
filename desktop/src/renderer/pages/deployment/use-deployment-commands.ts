import type { Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { useSearch } from "@tanstack/react-router";
import { Ban, Copy, ExternalLink, PanelTop, PictureInPicture2, RotateCcw, RotateCw, Wrench } from "lucide-react";
import { useCommands, type Command } from "../../commands/registry.ts";
import { native, openExternal } from "../../native.ts";
import { toastError } from "../../parts/toast.ts";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { deploymentTabs, type DeploymentTab } from "./deployment-search.ts";
import type { DeploymentActions } from "./use-deployment-actions.ts";
import { useResize } from "./window-button.tsx";

export interface CommandOptions {
  readonly actions: DeploymentActions;
  readonly environment: EnvironmentView | undefined;
  readonly showTab: (tab: DeploymentTab) => void;
}

/** Everything that can be done on the page of a deployment, for the palette and the keys. */
export function useDeploymentCommands(deployment: Deployment, options: CommandOptions): void {
  const { actions, environment, showTab } = options;
  const say = useSay(words);
  const group = say("action.group");
  const { window: own } = useSearch({ from: "/deployments/$deployment" });
  const resize = useResize();
  const settled = deployment.settledAt !== null;
  const url = environment?.liveDeployment?.id === deployment.id ? environment.url : null;
  const commands: (Command | undefined)[] = [
    {
      id: "deployment.cancel",
      title: say("cancel"),
      group,
      icon: Ban,
      keys: "c",
      disabled: actions.cancel.hindrance,
      run: actions.cancel.run,
    },
    deployment.failure?.suggestion !== undefined
      ? {
          id: "deployment.fix",
          title: say("diagnosis.fix"),
          group,
          icon: Wrench,
          keys: "x",
          disabled: actions.fix.hindrance,
          run: actions.fix.run,
        }
      : undefined,
    {
      id: "deployment.redeploy",
      title: say("redeploy"),
      group,
      icon: RotateCw,
      keys: "shift+r",
      disabled: settled ? actions.redeploy.hindrance : say("hindrance.not-settled"),
      run: actions.redeploy.run,
    },
    {
      id: "deployment.rollback",
      title: say("rollback"),
      group,
      icon: RotateCcw,
      disabled: actions.rollback.hindrance,
      run: actions.rollback.run,
    },
    url === null
      ? undefined
      : {
          id: "deployment.visit",
          title: say("visit"),
          group,
          icon: ExternalLink,
          keys: "v",
          run: () => openExternal(url),
        },
    url === null
      ? undefined
      : {
          id: "deployment.copyUrl",
          title: say("copyUrl"),
          group,
          icon: Copy,
          run: () => void navigator.clipboard.writeText(url),
        },
    own === undefined && native === undefined
      ? undefined
      : {
          id: "deployment.window",
          title: say(own === undefined ? "window.open" : own === "compact" ? "window.expand" : "window.shrink"),
          group,
          icon: PictureInPicture2,
          keys: "i",
          run: () => {
            if (own !== undefined) resize(own === "compact" ? "full" : "compact");
            else void native?.openDeploymentWindow(deployment.id).catch(toastError);
          },
        },
    ...deploymentTabs.map((tab, index) => ({
      id: `deployment.tab.${tab}`,
      title: say("palette", { tab: say(`tab.${tab}`) }),
      group,
      icon: PanelTop,
      keys: String(index + 1),
      run: () => showTab(tab),
    })),
  ];
  useCommands(commands.filter((command) => command !== undefined));
}
