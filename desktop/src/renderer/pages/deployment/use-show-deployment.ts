import type { Deployment } from "@cloudsmith/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../../api/client.ts";

/** Goes on with a deployment that was just made; a window of its own stays one. */
export function useShowDeployment(): (deployment: Deployment) => void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (next) => {
    queries.setQueryData(api.deployments.get.queryKey({ input: { deployment: next.id } }), next);
    void navigate({ to: "/deployments/$deployment", params: { deployment: next.id } });
  };
}
