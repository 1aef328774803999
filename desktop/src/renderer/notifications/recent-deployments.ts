import { api } from "../api/client.ts";

const recent = 50;

/** The newest deployments of the team. */
export function recentDeployments() {
  return api.deployments.recent.queryOptions({ input: { limit: recent } });
}
