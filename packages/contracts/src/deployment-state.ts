/**
 * The life of a deployment, all of it. Everything that moves a deployment asks `nextState`, and nothing else does.
 *
 *     queued -> preparing -> building -> packaging -> releasing -> verifying -> live
 *        \________\____________\___________\____________\____________\-> failed | canceled | superseded
 */
export const stages = ["queued", "preparing", "building", "packaging", "releasing", "verifying"] as const;
export const settledStates = ["live", "failed", "canceled", "superseded"] as const;

export type Stage = (typeof stages)[number];
export type SettledState = (typeof settledStates)[number];
export type DeploymentState = Stage | SettledState;

export const deploymentStates = [...stages, ...settledStates] as const;

/** What can happen to a deployment. `advance` names the stage it goes to, since packaging and building can be skipped. */
export type DeploymentStep =
  | { readonly type: "advance"; readonly to: Exclude<Stage, "queued"> }
  | { readonly type: "go-live" }
  | { readonly type: "fail" }
  | { readonly type: "cancel" }
  | { readonly type: "supersede" };

/** Which stages may follow which: a rollback and a reused build skip what they do not need, nothing goes back. */
const followers: Record<Stage, readonly Stage[]> = {
  queued: ["preparing", "releasing"],
  preparing: ["building", "packaging", "releasing"],
  building: ["packaging", "releasing"],
  packaging: ["releasing"],
  releasing: ["verifying"],
  verifying: [],
};

export function isSettled(state: DeploymentState): state is SettledState {
  return !isStage(state);
}

function isStage(state: DeploymentState): state is Stage {
  return Object.hasOwn(followers, state);
}

/** The state after `step`, or `undefined` where that step is illegal. A settled deployment never changes again. */
export function nextState(state: DeploymentState, step: DeploymentStep): DeploymentState | undefined {
  if (!isStage(state)) return undefined;
  switch (step.type) {
    case "advance":
      return followers[state].includes(step.to) ? step.to : undefined;
    case "go-live":
      return state === "verifying" ? "live" : undefined;
    case "fail":
      return "failed";
    case "cancel":
      return "canceled";
    case "supersede":
      return "superseded";
  }
}

/** How long a deployment may stay in a stage before the reconciler fails it with `stage-timeout`, in seconds; waiting for a free builder does not count. */
export const stageDeadlineSeconds: Record<Stage, number> = {
  queued: 24 * 3600,
  preparing: 20 * 60,
  building: 24 * 3600,
  packaging: 30 * 60,
  releasing: 40 * 60,
  verifying: 20 * 60,
};
