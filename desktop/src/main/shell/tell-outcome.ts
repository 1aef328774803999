import type { Deployment } from "@cloudsmith/contracts";
import { noticeOf } from "../follow/notices.ts";
import type { TeamFollower } from "../follow/team-follower.ts";
import { placeOf, type TeamState } from "../follow/team-state.ts";
import { windowIcon } from "../tray/icons.ts";
import type { AppWindows } from "../windows/app-windows.ts";
import { openExternally } from "../windows/web-guard.ts";
import { showNotice } from "./notifications.ts";

/** Tells how a deployment ended, where somebody is to be told. */
export async function tellOutcome(
  deployment: Deployment,
  {
    client,
    team,
    windows,
    paused,
  }: { client: TeamFollower["client"]; team: TeamState; windows: AppWindows; paused: boolean },
): Promise<void> {
  const place = placeOf(team, deployment);
  const url = deployment.state === "live" ? await addressOf(client, place) : null;
  const notice = noticeOf(deployment, { place, url, inView: windows.inView(), paused });
  if (notice === undefined) return;
  showNotice(notice, windowIcon, {
    onOpen: (id) => windows.showDeployment(id),
    onAction: ({ deploymentId }, { does }) => {
      if (does.type === "open-url") openExternally(does.url);
      else windows.showDeployment(deploymentId, false);
    },
  });
}

/** Where the app answers; null where that cannot be read now, which is no reason not to tell. */
async function addressOf(
  client: TeamFollower["client"],
  place: { project: string; environment: string },
): Promise<string | null> {
  try {
    return (await client.environments.get(place)).url;
  } catch {
    return null;
  }
}
