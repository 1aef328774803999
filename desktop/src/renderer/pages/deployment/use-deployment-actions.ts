import type { Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api, client } from "../../api/client.ts";
import { toast, toastError } from "../../parts/toast.ts";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { possibleActions, type Hindrance, type Possible } from "./possible-actions.ts";

export interface Action {
  /** Why it cannot be done now; undefined where it can. */
  readonly hindrance: string | undefined;
  readonly pending: boolean;
  readonly run: () => void;
}

export type DeploymentActions = Readonly<Record<keyof Possible, Action>>;

/** What can be done with a deployment. What makes a new one shows that one. */
export function useDeploymentActions(
  deployment: Deployment,
  place: {
    readonly project: string;
    readonly environment: EnvironmentView | undefined;
    readonly onMade: (made: Deployment) => void;
    /** Has a person look at what a rollback changes. */
    readonly onRollback: () => void;
  },
): DeploymentActions {
  const say = useSay(words);
  const queries = useQueryClient();
  const me = useQuery(api.auth.me.queryOptions({ staleTime: Infinity }));
  const environment = place.environment?.environment;
  const { id } = deployment;
  const address = { project: place.project, environment: environment?.name ?? "production" };
  const key = useRef<string>(undefined);
  const options = { onSuccess: place.onMade, onError: toastError };
  const cancel = useMutation(
    api.deployments.cancel.mutationOptions({
      onSuccess: (next) => {
        queries.setQueryData(api.deployments.get.queryKey({ input: { deployment: next.id } }), next);
        void toast({ title: say("canceled.toast", { sequence: next.sequence }), tone: "info" });
      },
      onError: toastError,
    }),
  );
  const redeploy = useMutation({
    // The same key until it was answered: asked for twice, it is deployed once.
    mutationFn: () =>
      client.deployments.redeploy({ ...address, deployment: id, requestKey: (key.current ??= crypto.randomUUID()) }),
    ...options,
    onSettled: () => (key.current = undefined),
  });
  const fix = useMutation(api.deployments.fix.mutationOptions(options));
  const possible = possibleActions(deployment, {
    role: me.data?.role,
    liveId: environment === undefined ? undefined : (environment.live?.deploymentId ?? null),
  });
  const told = (hindrance: Hindrance | undefined): string | undefined =>
    hindrance === undefined ? undefined : say(`hindrance.${hindrance}`);
  return {
    cancel: {
      hindrance: told(possible.cancel),
      pending: cancel.isPending,
      run: () => cancel.mutate({ deployment: id }),
    },
    redeploy: {
      hindrance: told(possible.redeploy),
      pending: redeploy.isPending,
      run: () => redeploy.mutate(),
    },
    rollback: { hindrance: told(possible.rollback), pending: false, run: place.onRollback },
    fix: { hindrance: told(possible.fix), pending: fix.isPending, run: () => fix.mutate({ deployment: id }) },
  };
}
