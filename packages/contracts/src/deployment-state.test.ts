import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  deploymentStates,
  isSettled,
  nextState,
  settledStates,
  stageDeadlineSeconds,
  stages,
  type DeploymentState,
  type DeploymentStep,
  type Stage,
} from "./deployment-state.ts";

const advanceTo = stages.filter((stage): stage is Exclude<Stage, "queued"> => stage !== "queued");
const allSteps: DeploymentStep[] = [
  ...advanceTo.map((to) => ({ type: "advance" as const, to })),
  ...(["go-live", "fail", "cancel", "supersede"] as const).map((type) => ({ type })),
];

/** The edges as the documentation draws them. */
const edges: Record<Stage, readonly DeploymentState[]> = {
  queued: ["preparing", "releasing"],
  preparing: ["building", "packaging", "releasing"],
  building: ["packaging", "releasing"],
  packaging: ["releasing"],
  releasing: ["verifying"],
  verifying: ["live"],
};
const ends: readonly DeploymentState[] = ["failed", "canceled", "superseded"];

test("from each state exactly the documented ones can be reached", () => {
  for (const state of deploymentStates) {
    const reached = new Set(allSteps.map((step) => nextState(state, step)).filter((next) => next !== undefined));
    const documented = isSettled(state) ? [] : [...edges[state], ...ends];
    expect([...reached].sort(), state).toEqual([...documented].sort());
  }
});

test("whatever happens, a settled deployment never changes, nothing goes back, and live comes only after verifying", () => {
  fc.assert(
    fc.property(fc.constantFrom(...deploymentStates), fc.array(fc.constantFrom(...allSteps)), (start, steps) => {
      let state: DeploymentState = start;
      for (const step of steps) {
        const next = nextState(state, step);
        if (isSettled(state)) expect(next).toBeUndefined();
        if (next === undefined) continue;
        expect(deploymentStates.indexOf(next)).toBeGreaterThan(deploymentStates.indexOf(state));
        if (next === "live") expect(state).toBe("verifying");
        state = next;
      }
    }),
  );
});

test("every deployment can be ended in every stage, and every stage has a deadline", () => {
  for (const stage of stages) {
    for (const type of ["fail", "cancel", "supersede"] as const) expect(nextState(stage, { type })).toBeDefined();
    expect(stageDeadlineSeconds[stage]).toBeGreaterThan(0);
  }
  expect(deploymentStates.filter(isSettled)).toEqual([...settledStates]);
});
