import { expect, test } from "vitest";
import { someDeployment } from "../testing/team.ts";
import { noticeOf } from "./notices.ts";

const production = { project: "shop", environment: "production" };
const seldom = { place: production, url: "http://shop.localhost:7080", inView: undefined, paused: false };
const live = someDeployment({ state: "live" });
const failed = someDeployment({
  state: "failed",
  failure: { code: "build-failed", message: "The build failed", fix: "Correct it", stage: "building" },
});

test("success is told with the address, and leads to the app and to the log", () => {
  expect(noticeOf(live, seldom)).toEqual({
    deploymentId: live.id,
    title: "shop is live",
    body: "http://shop.localhost:7080",
    actions: [
      { label: "Open app", does: { type: "open-url", url: "http://shop.localhost:7080" } },
      { label: "Show log", does: { type: "show-log" } },
    ],
  });
});

test("without an address there is only the log to show", () => {
  const notice = noticeOf(live, { ...seldom, url: null });
  expect(notice?.body).toBe("Deployment 1");
  expect(notice?.actions.map(({ label }) => label)).toEqual(["Show log"]);
});

test("a failure is told with its cause and what to do, and names the environment", () => {
  const notice = noticeOf(failed, { ...seldom, place: { project: "shop", environment: "staging" } });
  expect(notice).toMatchObject({ title: "shop (staging) failed", body: "The build failed\nCorrect it" });
});

test("a warning is told instead of the address", () => {
  const warned = someDeployment({ state: "live", warnings: [{ code: "answers-5xx", message: "It answers 500" }] });
  expect(noticeOf(warned, seldom)).toMatchObject({ title: "shop is live, with a warning", body: "It answers 500" });
});

test.each([
  ["while notifications are paused", live, { paused: true }],
  ["of what a person looks at", live, { inView: live.id }],
  ["of what was canceled", someDeployment({ state: "canceled" }), {}],
  ["of what was superseded", someDeployment({ state: "superseded" }), {}],
])("nothing is told %s", (_when, deployment, circumstances) => {
  expect(noticeOf(deployment, { ...seldom, ...circumstances })).toBeUndefined();
});
