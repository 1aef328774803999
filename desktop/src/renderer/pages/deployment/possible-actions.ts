import { isSettled, roleAllows, type Deployment, type Role } from "@cloudsmith/contracts";

/** Why an action cannot be done now; the words are in `words/deployment.ts`. */
export type Hindrance = "settled" | "canceling" | "role" | "is-live" | "not-settled" | "no-artifact" | "loading";

export interface Possible {
  readonly cancel: Hindrance | undefined;
  readonly redeploy: Hindrance | undefined;
  readonly rollback: Hindrance | undefined;
  readonly fix: Hindrance | undefined;
}

/** What can be done with a deployment now, and what of it cannot and why. */
export function possibleActions(
  deployment: Deployment,
  known: { readonly role: Role | undefined; readonly liveId: string | null | undefined },
): Possible {
  const settled = isSettled(deployment.state);
  const role = known.role === undefined ? "loading" : roleAllows(known.role, "deployments.write") ? undefined : "role";
  return {
    cancel: role ?? (settled ? "settled" : deployment.cancelRequested ? "canceling" : undefined),
    redeploy: role,
    rollback: role ?? rollbackHindrance(deployment, settled, known.liveId),
    fix: role ?? (settled ? undefined : "not-settled"),
  };
}

function rollbackHindrance(
  deployment: Deployment,
  settled: boolean,
  liveId: string | null | undefined,
): Hindrance | undefined {
  if (!settled) return "not-settled";
  if (liveId === undefined) return "loading";
  if (deployment.id === liveId) return "is-live";
  return deployment.artifact === null ? "no-artifact" : undefined;
}
