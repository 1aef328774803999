import { createHash } from "node:crypto";
import type { BuildPlan, Digest, Platform } from "@cloudsmith/contracts";

/** Changes whenever the same inputs would be built into another artifact. */
export const builderVersion = 1;

export interface BuildKeyInput {
  readonly source: Digest;
  readonly plan: BuildPlan;
  readonly buildVariables: Readonly<Record<string, string>>;
  readonly platform: Platform;
}

/**
 * The identity of a build: equal keys, equal artifacts. Values of variables go in as their hashes. What only explains the plan does not count; what only the start needs
 * does, since the manifest carries the plan.
 */
export function buildKey(input: BuildKeyInput): Digest {
  const { reasons: _reasons, warnings: _warnings, expects: _expects, ...plan } = input.plan;
  const variables = Object.fromEntries(
    Object.entries(input.buildVariables).map(([name, value]) => [name, hash(value)]),
  );
  return `sha256:${hash(canonical({ version: builderVersion, source: input.source, plan, variables, platform: input.platform }))}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
