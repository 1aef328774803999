import { CloudSmithError, type Deployment, type Release, type Snapshot } from "@cloudsmith/contracts";
import type { SecretStore } from "@cloudsmith/secrets";
import type { Store } from "@cloudsmith/store";
import type { ReleaseParts } from "./targets/target.ts";

/** Reads everything that a release needs to run. Throws `artifact-missing`, `secret-missing` and `locked`. */
export async function releaseParts(store: Store, secrets: SecretStore, release: Release): Promise<ReleaseParts> {
  const { teamId } = release;
  const deployment = await store.get("deployment", { teamId, id: release.deploymentId });
  const snapshot = await store.get("snapshot", { teamId, id: release.snapshotId });
  const build =
    deployment?.value.buildId == null ? undefined : await store.get("build", { teamId, id: deployment.value.buildId });
  if (deployment === undefined || snapshot === undefined || build?.value.manifest == null) {
    throw new CloudSmithError("artifact-missing", "The record of what was built is gone", { fix: "Deploy again" });
  }
  const { manifest } = build.value;
  const resolved = await runSecrets(secrets, snapshot.value);
  return {
    release,
    manifest,
    env: { ...runVariables(snapshot.value), ...resolved, ...builtIn(deployment.value) },
    secretValues: Object.values(resolved),
    memoryMb: manifest.plan.limits.memoryMb,
    persist: manifest.plan.persist,
  };
}

function runVariables(snapshot: Snapshot): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot.variables).flatMap(([name, variable]) =>
      variable.scope === "build" ? [] : [[name, variable.value]],
    ),
  );
}

async function runSecrets(secrets: SecretStore, snapshot: Snapshot): Promise<Record<string, string>> {
  const wanted = Object.entries(snapshot.secrets).filter(([, reference]) => reference.scope !== "build");
  const values = await secrets.get(
    { teamId: snapshot.teamId },
    wanted.map(([, reference]) => reference.version),
  );
  return Object.fromEntries(
    wanted.map(([name, reference]) => {
      const value = values.get(reference.version);
      if (value === undefined)
        throw new CloudSmithError("secret-missing", `The value of ${name} is gone`, {
          fix: `Set it again: cloudsmith secret set ${name}`,
        });
      return [name, value];
    }),
  );
}

/** What every app is told about itself. */
function builtIn(deployment: Deployment): Record<string, string> {
  return {
    CLOUDSMITH: "1",
    CLOUDSMITH_DEPLOYMENT: deployment.id,
    CLOUDSMITH_SEQUENCE: String(deployment.sequence),
    ...(deployment.commit !== null && { CLOUDSMITH_COMMIT: deployment.commit.sha }),
  };
}
