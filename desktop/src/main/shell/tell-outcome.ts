import type { Deployment } from "@cloudsmith/contracts";
import { safe } from "@orpc/client";
import { setTimeout as wait } from "node:timers/promises";
import { noticeOf } from "../follow/notices.ts";
import type { TeamFollower } from "../follow/team-follower.ts";
import { placeOf, type TeamState } from "../follow/team-state.ts";
import { windowIcon } from "../tray/icons.ts";
import type { AppWindows } from "../windows/app-windows.ts";
import { openExternally } from "../windows/web-guard.ts";
import { showNotice } from "./notifications.ts";

/** Looks for the address, a quarter of a second apart. */
const addressTries = 12;

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

/** Where the app answers, as soon as it does: the proxy follows the live pointer within a moment. Null is no reason not to tell. */
async function addressOf(
  client: TeamFollower["client"],
  place: { project: string; environment: string },
): Promise<string | null> {
  for (let tries = 0; tries < addressTries; tries++) {
    const { data } = await safe(client.environments.get(place));
    if (data !== undefined && data.url !== null) return data.url;
    await wait(250);
  }
  return null;
}
