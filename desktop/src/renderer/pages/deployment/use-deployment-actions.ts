import type { Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api } from "../../api/client.ts";
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
  place: { readonly project: string; readonly environment: EnvironmentView | undefined },
): DeploymentActions {
  const say = useSay(words);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { view } = useSearch({ from: "/deployments/$deployment" });
  const me = useQuery(api.auth.me.queryOptions({ staleTime: Infinity }));
  const environment = place.environment?.environment;
  const show = (next: Deployment): void => {
    queries.setQueryData(api.deployments.get.queryKey({ input: { deployment: next.id } }), next);
    void navigate({
      to: "/deployments/$deployment",
      params: { deployment: next.id },
      search: view === undefined ? {} : { view },
    });
  };
  const options = { onSuccess: show, onError: toastError };
  const cancel = useMutation(
    api.deployments.cancel.mutationOptions({
      onSuccess: (next) => {
        queries.setQueryData(api.deployments.get.queryKey({ input: { deployment: next.id } }), next);
        void toast({ title: say("canceled.toast", { sequence: next.sequence }), tone: "info" });
      },
      onError: toastError,
    }),
  );
  const redeploy = useMutation(api.deployments.redeploy.mutationOptions(options));
  const rollback = useMutation(api.deployments.rollback.mutationOptions(options));
  const fix = useMutation(api.deployments.fix.mutationOptions(options));
  const possible = possibleActions(deployment, {
    role: me.data?.role,
    liveId: environment === undefined ? undefined : (environment.live?.deploymentId ?? null),
  });
  const told = (hindrance: Hindrance | undefined): string | undefined =>
    hindrance === undefined ? undefined : say(`hindrance.${hindrance}`);
  const { id } = deployment;
  const address = { project: place.project, environment: environment?.name ?? "production" };
  return {
    cancel: {
      hindrance: told(possible.cancel),
      pending: cancel.isPending,
      run: () => cancel.mutate({ deployment: id }),
    },
    redeploy: {
      hindrance: told(possible.redeploy),
      pending: redeploy.isPending,
      run: () => redeploy.mutate({ ...address, deployment: id }),
    },
    rollback: {
      hindrance: told(possible.rollback),
      pending: rollback.isPending,
      run: () => rollback.mutate({ ...address, to: id }),
    },
    fix: { hindrance: told(possible.fix), pending: fix.isPending, run: () => fix.mutate({ deployment: id }) },
  };
}
