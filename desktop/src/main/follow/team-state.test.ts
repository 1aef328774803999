import { expect, test } from "vitest";
import { someDeployment, someProject } from "../testing/team.ts";
import { emptyTeam, placeName, placeOf, withDeployment, withProject, withProjects, withSeen } from "./team-state.ts";

const start = emptyTeam("2026-03-01T09:00:00.000Z");
const running = someDeployment();
const live = someDeployment({ state: "live", settledAt: "2026-03-01T10:01:00.000Z" });
const failed = someDeployment({ state: "failed", settledAt: "2026-03-01T10:01:00.000Z" });

test("a deployment runs until it settles, and its outcome is told once", () => {
  const { state: first } = withDeployment(start, running);
  expect([...first.running.keys()]).toEqual([running.id]);
  const { state: second, outcome } = withDeployment(first, live);
  expect(second.running.size).toBe(0);
  expect(outcome).toBe(live);
  expect(withDeployment(second, live).outcome).toBeUndefined();
});

test("what settled before the app looked is history", () => {
  const before = someDeployment({ state: "failed", settledAt: "2026-03-01T08:00:00.000Z" });
  const { state, outcome } = withDeployment(start, before);
  expect(outcome).toBeUndefined();
  expect(state.unseenFailures.size).toBe(0);
});

test("an older answer that arrives late does not bring back what has settled", () => {
  const { state } = withDeployment(withDeployment(start, running).state, live);
  expect(withDeployment(state, running).state).toBe(state);
});

test("a canceled or superseded deployment is over without being told", () => {
  for (const state of ["canceled", "superseded"] as const) {
    const settled = someDeployment({ state, settledAt: "2026-03-01T10:01:00.000Z" });
    const change = withDeployment(withDeployment(start, running).state, settled);
    expect(change.outcome).toBeUndefined();
    expect(change.state.running.size).toBe(0);
  }
});

test("a failure stays until somebody looks, or its environment is deployed again", () => {
  const { state } = withDeployment(start, failed);
  expect([...state.unseenFailures.values()]).toEqual([failed]);
  expect(withSeen(state, "dep_9999")).toBe(state);
  expect(withSeen(state, failed.id).unseenFailures.size).toBe(0);
  expect(withDeployment(state, someDeployment({ id: "dep_0002" })).state.unseenFailures.size).toBe(0);
});

test("after a look at everything, what ran and is gone has to be looked at", () => {
  const { state } = withDeployment(start, running);
  const other = someDeployment({ id: "dep_0002" });
  const look = withProjects(state, [someProject("shop", { activeDeployment: other })]);
  expect(look.missing).toEqual([running.id]);
  expect([...look.state.running.keys()]).toEqual([running.id, other.id]);
});

test("a project that is gone takes its running deployments along", () => {
  const { state } = withDeployment({ ...start, projects: [someProject()] }, running);
  const without = withProject(state, running.projectId, undefined);
  expect(without.projects).toEqual([]);
  expect(without.running.size).toBe(0);
});

test("a place is named by its project, and by its environment where that is not production", () => {
  const named = (environment: string): string =>
    placeName(placeOf({ ...start, projects: [someProject("shop", {}, environment)] }, running));
  expect(named("production")).toBe("shop");
  expect(named("staging")).toBe("shop (staging)");
  expect(placeName(placeOf(start, running))).toBe(running.projectId);
});
