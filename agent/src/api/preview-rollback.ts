import { CloudSmithError, type Deployment, type Environment, type SecretReference } from "@cloudsmith/contracts";
import type { RollbackPreview } from "@cloudsmith/contracts/api";
import { unsettledOf, withoutRevoked } from "@cloudsmith/deployments";
import type { Store } from "@cloudsmith/store";
import type * as z from "zod";
import { differences } from "./differences.ts";

type References = Readonly<Record<string, z.infer<typeof SecretReference>>>;

/** What going back to a deployment would change of what is live: looked at, nothing is done. */
export async function previewRollback(
  store: Store,
  environment: Environment,
  target: Deployment,
): Promise<RollbackPreview> {
  const { teamId } = environment;
  const scope = { teamId, environmentId: environment.id };
  const [live, then, active] = await Promise.all([
    environment.live === null ? undefined : store.get("deployment", { teamId, id: environment.live.deploymentId }),
    store.get("snapshot", { teamId, id: target.snapshotId }),
    unsettledOf(store, environment),
  ]);
  if (then === undefined)
    throw new CloudSmithError("nothing-to-roll-back", "The configuration of that deployment is gone", {
      fix: "Deploy its commit again instead",
    });
  const now = live === undefined ? undefined : await store.get("snapshot", { teamId, id: live.value.snapshotId });
  const { configuration, replaced, removed } = await withoutRevoked(store, then.value, scope);
  const changed = live === undefined ? [] : await differences(store, live.value, target);
  const versions = await secretChanges(store, scope, now?.value.secrets ?? {}, configuration.secrets);
  return {
    target,
    live: live?.value ?? null,
    // Secrets are told by their versions, after revoked ones were replaced.
    differences: changed.filter(({ part }) => part !== "secret"),
    secrets: [
      ...versions.map((each) => ({ ...each, revoked: replaced.includes(each.name) ? ("replaced" as const) : null })),
      ...removed
        .filter((name) => !versions.some((each) => each.name === name))
        .map((name) => ({ name, before: null, after: null, revoked: "removed" as const })),
    ].map((each) => (removed.includes(each.name) ? { ...each, revoked: "removed" as const } : each)),
    pausesAutomaticDeployments: environment.automaticDeployments === "on",
    overtakes: active[0]?.value ?? null,
  };
}

/** Secrets whose version differs, with the moment at which each version was made. */
async function secretChanges(
  store: Store,
  scope: { teamId: string; environmentId: string },
  before: References,
  after: References,
): Promise<{ name: string; before: string | null; after: string | null }[]> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  const changed = names.filter((name) => before[name]?.version !== after[name]?.version);
  const madeAt = async (id: string | undefined): Promise<string | null> =>
    id === undefined ? null : ((await store.get("secretVersion", { ...scope, id }))?.value.createdAt ?? null);
  return Promise.all(
    changed.map(async (name) => ({
      name,
      before: await madeAt(before[name]?.version),
      after: await madeAt(after[name]?.version),
    })),
  );
}
