import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { api } from "./client.ts";

/** How long an address is waited for after the last step of its deployment, in milliseconds: one that is stopped has none. */
const waitingMs = 60_000;

/** A project with its environments. The address of what has just gone live comes a moment after the notice of it: asked for again until it is there. */
export function projectOptions(project: string) {
  return api.projects.get.queryOptions({
    input: { project },
    refetchInterval: ({ state }) => (state.data?.environments.some(waitsForAddress) === true ? 500 : false),
  });
}

function waitsForAddress({ environment, liveDeployment, url }: EnvironmentView): boolean {
  const ended = liveDeployment?.settledAt ?? liveDeployment?.createdAt;
  return environment.live !== null && url === null && ended !== undefined && Date.now() - Date.parse(ended) < waitingMs;
}
