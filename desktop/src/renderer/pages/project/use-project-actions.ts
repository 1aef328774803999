import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { api, client } from "../../api/client.ts";
import { toastError } from "../../parts/toast.ts";

export interface Place {
  readonly project: string;
  readonly environment: string;
}

/** What can be done with an environment. Whatever makes a deployment goes to its page; nothing is shown as done before it is. */
export function useProjectActions(place: Place) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const key = useRef<string>(undefined);
  const refresh = (): Promise<unknown> =>
    Promise.all([
      queries.invalidateQueries({ queryKey: api.projects.key() }),
      queries.invalidateQueries({ queryKey: api.environments.key() }),
    ]);
  const follow = ({ id }: { readonly id: string }): void => {
    key.current = undefined;
    void navigate({ to: "/deployments/$deployment", params: { deployment: id } });
  };
  // The same key until it was answered: asked for twice, or again after a broken answer, it is deployed once.
  const requestKey = (): string => (key.current ??= crypto.randomUUID());
  const deploying = { onSuccess: follow, onError: toastError };
  const changing = { onSuccess: refresh, onError: toastError };
  const deploy = useMutation({
    mutationFn: () => client.deployments.create({ ...place, requestKey: requestKey() }),
    ...deploying,
  });
  const redeploy = useMutation({
    mutationFn: () => client.deployments.redeploy({ ...place, requestKey: requestKey() }),
    ...deploying,
  });
  const stop = useMutation({ mutationFn: () => client.environments.stop(place), ...changing });
  const start = useMutation({ mutationFn: () => client.environments.start(place), ...changing });
  const resume = useMutation({ mutationFn: () => client.environments.resume(place), ...changing });
  return { deploy, redeploy, stop, start, resume };
}

export type ProjectActions = ReturnType<typeof useProjectActions>;
