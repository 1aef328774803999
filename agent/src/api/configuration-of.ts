import type { Deployment, Environment, SecretVersion, Snapshot } from "@cloudsmith/contracts";
import type { Store } from "@cloudsmith/store";

/** The configuration that a deployment took, with the versions of its secrets and never a value of one. */
export async function configurationOf(
  store: Store,
  { teamId, environmentId, snapshotId }: Deployment,
): Promise<Pick<Snapshot, "variables" | "settings"> & { secrets: ScopedVersion[] }> {
  const snapshot = (await store.get("snapshot", { teamId, id: snapshotId }))?.value;
  if (snapshot === undefined) return { variables: {}, settings: {}, secrets: [] };
  const { variables, settings, secrets } = snapshot;
  return { variables, settings, secrets: await secretVersions(store, { teamId, id: environmentId }, secrets) };
}

type ScopedVersion = SecretVersion & { scope: Snapshot["secrets"][string]["scope"] };

/** What is known of the versions that a configuration refers to; one that is gone is left out. */
export async function secretVersions(
  store: Store,
  { teamId, id: environmentId }: Pick<Environment, "teamId" | "id">,
  references: Snapshot["secrets"],
): Promise<ScopedVersion[]> {
  const found = await Promise.all(
    Object.values(references).map(async ({ version, scope }) => {
      const stored = await store.get("secretVersion", { teamId, environmentId, id: version });
      return stored === undefined ? [] : [{ ...stored.value, scope }];
    }),
  );
  return found.flat();
}
