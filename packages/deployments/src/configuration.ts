import {
  newId,
  type Environment,
  type PlanSettings,
  type Project,
  type SecretVersion,
  type Snapshot,
} from "@cloudsmith/contracts";
import type { Store } from "@cloudsmith/store";
import { createHash } from "node:crypto";

/** What a deployment would run with if it were made now. */
export interface Configuration {
  readonly variables: Environment["variables"];
  readonly secrets: Environment["secrets"];
  readonly settings: PlanSettings;
}

export interface ConfigurationChange {
  readonly kind: "variable" | "secret" | "setting";
  readonly name: string;
  readonly change: "added" | "changed" | "removed";
}

/** The configuration of an environment now. */
export function configurationOf(project: Project, environment: Environment): Configuration {
  return { variables: environment.variables, secrets: environment.secrets, settings: project.settings };
}

/** JSON with sorted keys: equal values, equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Freezes a configuration into a snapshot. */
export function newSnapshot(environment: Environment, configuration: Configuration, now: Date): Snapshot {
  const { variables, secrets, settings } = configuration;
  return {
    id: newId("snapshot"),
    teamId: environment.teamId,
    environmentId: environment.id,
    digest: `sha256:${createHash("sha256").update(canonicalJson({ variables, secrets, settings })).digest("hex")}`,
    variables,
    secrets,
    settings,
    createdAt: now.toISOString(),
  };
}

/** What differs between two configurations, by name, never by value. */
export function configurationChanges(before: Configuration, after: Configuration): ConfigurationChange[] {
  return [
    ...changesOf("variable", before.variables, after.variables),
    ...changesOf("secret", before.secrets, after.secrets),
    ...changesOf("setting", before.settings, after.settings),
  ];
}

function changesOf(
  kind: ConfigurationChange["kind"],
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ConfigurationChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name): ConfigurationChange[] => {
    // A variable may be called `constructor`, so that what an object inherits must not count.
    const [old, fresh] = [before, after].map((values) => (Object.hasOwn(values, name) ? values[name] : undefined));
    if (old === undefined) return fresh === undefined ? [] : [{ kind, name, change: "added" }];
    if (fresh === undefined) return [{ kind, name, change: "removed" }];
    return canonicalJson(old) === canonicalJson(fresh) ? [] : [{ kind, name, change: "changed" }];
  });
}

/** A configuration whose revoked secret versions are replaced by their successors, with the names that were, and of those that have none and are left out. */
export async function withoutRevoked(
  store: Store,
  configuration: Configuration,
  scope: { teamId: string; environmentId: string },
): Promise<{ configuration: Configuration; replaced: string[]; removed: string[] }> {
  const replaced: string[] = [];
  const removed: string[] = [];
  const secrets: Environment["secrets"] = {};
  for (const [name, reference] of Object.entries(configuration.secrets)) {
    const current = await currentVersion(store, scope, reference.version);
    if (current === undefined) removed.push(name);
    else secrets[name] = { ...reference, version: current.id };
    if (current !== undefined && current.id !== reference.version) replaced.push(name);
  }
  return { configuration: { ...configuration, secrets }, replaced, removed };
}

/** Follows successors until a version that is not revoked; undefined where the secret was revoked without one. */
async function currentVersion(
  store: Store,
  scope: { teamId: string; environmentId: string },
  id: string,
): Promise<SecretVersion | undefined> {
  const seen = new Set<string>();
  for (let next: string | null = id; next !== null && !seen.has(next);) {
    seen.add(next);
    const version: SecretVersion | undefined = (await store.get("secretVersion", { ...scope, id: next }))?.value;
    if (version === undefined) return undefined;
    if (version.revokedAt === null) return version;
    next = version.successor;
  }
  return undefined;
}
