import { isSettled, type Deployment, type Environment } from "@cloudsmith/contracts";
import type { Retention } from "./settings.ts";

/** What is younger may still be looked at, or belong to work that has not written its record yet; in milliseconds. */
export const graceMs = 3600_000;

export interface Choice {
  /** Deployments that go, with all that was written about them. */
  readonly remove: readonly Deployment[];
  /** Kept deployments whose artifacts are kept too. */
  readonly withArtifact: readonly Deployment[];
}

/**
 * Which deployments of an environment are kept, out of all of them, newest first. Besides the newest ones those are: what is live and what that came
 * from, what has not settled and what it uses again, the newest that were live before (a rollback goes there, however many failed since), and whatever settled within the hour.
 */
export function choose(
  environment: Pick<Environment, "live">,
  all: readonly Deployment[],
  retention: Pick<Retention, "deployments" | "artifacts">,
  now: Date,
): Choice {
  const open = all.filter((each) => !isSettled(each.state));
  const isRecent = (each: Deployment): boolean => Date.parse(each.settledAt ?? "") > now.getTime() - graceMs;
  const wasLive = all.filter((each) => each.state === "live");
  const live = all.find((each) => each.id === environment.live?.deploymentId);
  const needed = new Set([live, ...open].flatMap((each) => (each === undefined ? [] : [each.id, each.reuses])));
  const targets = new Set(wasLive.filter((each) => each.id !== live?.id).slice(0, retention.artifacts));
  const kept = new Set(
    all
      .filter((each, age) => age < retention.deployments || needed.has(each.id) || targets.has(each) || isRecent(each))
      .map((each) => each.id),
  );
  return {
    remove: all.filter((each) => !kept.has(each.id)),
    withArtifact: all.filter((each) => needed.has(each.id) || targets.has(each) || isRecent(each)),
  };
}
