import type { Deployment } from "@cloudsmith/contracts";
import { expect, test } from "vitest";
import { stageNodes, totalMs } from "./stage-nodes.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 10, 0, second)).toISOString();
const time = (stage: Deployment["stageTimes"][number]["stage"], from: number, to: number | null) => ({
  stage,
  startedAt: at(from),
  finishedAt: to === null ? null : at(to),
});
const base = {
  state: "building" as Deployment["state"],
  stageTimes: [time("queued", 0, 1), time("preparing", 1, 3), time("building", 3, null)],
  settledAt: null as string | null,
  cancelRequested: false,
  buildReused: false,
  reuses: null as string | null,
};
const told = (deployment: Parameters<typeof stageNodes>[0], now = 10) =>
  stageNodes(deployment, Date.parse(at(now))).map(
    ({ stage, status, ms }) => `${stage} ${status}${ms === undefined ? "" : ` ${ms}`}`,
  );

test("one that is under way counts the time of the stage it is in", () => {
  expect(told(base)).toEqual([
    "queued done 1000",
    "preparing done 2000",
    "building running 7000",
    "packaging waiting",
    "releasing waiting",
    "verifying waiting",
    "live waiting",
  ]);
  expect(told({ ...base, cancelRequested: true })).toContain("building canceling 7000");
});

test("one that failed stands still where it failed", () => {
  const failed = { ...base, state: "failed" as const, settledAt: at(5) };
  expect(told(failed, 3000)).toEqual([
    "queued done 1000",
    "preparing done 2000",
    "building failed 2000",
    "packaging not-reached",
    "releasing not-reached",
    "verifying not-reached",
    "live not-reached",
  ]);
});

test.each(["canceled", "superseded"] as const)("one that was %s says so where it was", (state) => {
  expect(told({ ...base, state, settledAt: at(5) })).toContain(`building ${state} 2000`);
});

test("what a rollback goes without is named: the build is used again, the rest is skipped", () => {
  const rollback = {
    ...base,
    state: "live" as const,
    reuses: "dep_1234",
    settledAt: at(4),
    stageTimes: [time("queued", 0, 1), time("releasing", 1, 2), time("verifying", 2, 4)],
  };
  expect(told(rollback)).toEqual([
    "queued done 1000",
    "preparing skipped",
    "building reused",
    "packaging skipped",
    "releasing done 1000",
    "verifying done 2000",
    "live done",
  ]);
});

test("the whole takes from the request to the end", () => {
  expect(totalMs({ createdAt: at(0), settledAt: at(5) }, Date.parse(at(90)))).toBe(5000);
  expect(totalMs({ createdAt: at(0), settledAt: null }, Date.parse(at(9)))).toBe(9000);
});
