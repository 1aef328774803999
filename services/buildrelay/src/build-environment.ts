import { isBuildTimeName } from "@cloudsmith/builder";
import { CloudSmithError, type BuildPlan, type Snapshot } from "@cloudsmith/contracts";
import type { SecretStore } from "@cloudsmith/secrets";

type Reach = "build" | "run" | "both";
const reachesBuild = (scope: Reach): boolean => scope !== "run";

/** What of a configuration a build depends on: plan and variables by value, secrets by their immutable versions. Safe to hash; holds no secret. */
export function buildInputs(plan: BuildPlan, snapshot: Snapshot): Record<string, string> {
  return {
    ...plan.env.build,
    ...variablesOf(plan, snapshot),
    ...Object.fromEntries(secretVersions(snapshot).map(([name, version]) => [name, `secret:${version}`])),
  };
}

/** The environment of a build, with secrets resolved, and their values for masking. Throws `secret-missing` and `locked`. */
export async function buildEnvironment(
  plan: BuildPlan,
  snapshot: Snapshot,
  secrets: SecretStore,
): Promise<{ env: Record<string, string>; secretValues: string[] }> {
  const versions = secretVersions(snapshot);
  const values = await secrets.get(
    { teamId: snapshot.teamId },
    versions.map(([, version]) => version),
  );
  const resolved: Record<string, string> = {};
  for (const [name, version] of versions) {
    const value = values.get(version);
    if (value === undefined)
      throw new CloudSmithError("secret-missing", `The value of ${name} is gone`, {
        fix: `Set it again: cloudsmith secret set ${name}`,
      });
    resolved[name] = value;
  }
  return {
    env: { ...plan.env.build, ...variablesOf(plan, snapshot), ...resolved },
    secretValues: Object.values(resolved),
  };
}

/** Variables of the build, and those that the framework writes into what it builds: set for the run alone they would have no effect. */
function variablesOf({ framework }: BuildPlan, snapshot: Snapshot): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot.variables).flatMap(([name, variable]) =>
      reachesBuild(variable.scope) || isBuildTimeName(framework, name) ? [[name, variable.value]] : [],
    ),
  );
}

function secretVersions(snapshot: Snapshot): [name: string, version: string][] {
  return Object.entries(snapshot.secrets).flatMap(([name, reference]): [string, string][] =>
    reachesBuild(reference.scope) ? [[name, reference.version]] : [],
  );
}
