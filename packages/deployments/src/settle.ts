import { isSettled, type Failure, type Stage } from "@cloudsmith/contracts";
import type { Store, Stored } from "@cloudsmith/store";
import { moveDeployment, type DeploymentChange } from "./move.ts";
import { retryOnConflict } from "./retry-on-conflict.ts";

/** The writes that fail a deployment in the stage it is in. */
export function failure(stored: Stored<"deployment">, reason: Failure, now: Date): DeploymentChange {
  // A deployment that can fail is in a stage; moveDeployment refuses the others.
  const stage = stored.value.state as Stage;
  return moveDeployment(
    stored,
    { type: "fail" },
    { now, patch: { failure: { ...reason, stage } }, entry: { type: "failure", message: reason.message } },
  );
}

/** Fails a deployment unless it has settled already; tells whether it did. */
export function failDeployment(
  store: Store,
  ids: { teamId: string; deploymentId: string },
  reason: Failure,
  now: () => Date,
): Promise<boolean> {
  return settleUnlessSettled(store, ids, (stored) => failure(stored, reason, now()));
}

/** Settles a canceled deployment unless it has settled already. */
export function settleCanceled(
  store: Store,
  ids: { teamId: string; deploymentId: string },
  now: () => Date,
): Promise<boolean> {
  return settleUnlessSettled(store, ids, (stored) =>
    moveDeployment(stored, { type: "cancel" }, { now: now(), entry: { type: "state", message: "Canceled" } }),
  );
}

function settleUnlessSettled(
  store: Store,
  ids: { teamId: string; deploymentId: string },
  change: (stored: Stored<"deployment">) => DeploymentChange,
): Promise<boolean> {
  return retryOnConflict(async () => {
    const stored = await store.get("deployment", { teamId: ids.teamId, id: ids.deploymentId });
    if (stored === undefined || isSettled(stored.value.state)) return false;
    const { puts, events } = change(stored);
    await store.commit({ puts, events });
    return true;
  });
}

/** Reads a deployment that must be there for a job to go on; undefined when it has settled, so that there is nothing to do. */
export async function unsettled(
  store: Store,
  ids: { teamId: string; deploymentId: string },
): Promise<Stored<"deployment"> | undefined> {
  const stored = await store.get("deployment", { teamId: ids.teamId, id: ids.deploymentId });
  return stored === undefined || isSettled(stored.value.state) ? undefined : stored;
}
