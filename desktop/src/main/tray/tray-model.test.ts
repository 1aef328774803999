import { expect, test } from "vitest";
import { emptyTeam, withDeployment } from "../follow/team-state.ts";
import { someDeployment, someProject } from "../testing/team.ts";
import { trayModel, type TrayInput, type TrayItem } from "./tray-model.ts";

const idle: TrayInput = {
  agent: { state: "running", version: "0.1.0" },
  team: emptyTeam("2026-03-01T09:00:00.000Z"),
  notificationsPaused: false,
  update: undefined,
  now: Date.parse("2026-03-01T10:00:42.000Z"),
};
const labels = (items: readonly TrayItem[]): string[] =>
  items.flatMap((item) => (item.type === "separator" ? [] : [item.label]));
const failed = someDeployment({
  state: "failed",
  settledAt: "2026-03-01T10:01:00.000Z",
  failure: { code: "build-failed", message: "The build failed", stage: "building" },
});

test.each([
  ["idle", {}, "Nothing is being deployed"],
  ["deploying", { team: withDeployment(idle.team, someDeployment()).state }, "1 deployment running"],
  ["failed", { team: withDeployment(idle.team, failed).state }, "The last deployment failed"],
  ["offline", { agent: { state: "stopped" } }, "Agent is stopped"],
  ["offline", { agent: { state: "restarting", log: [], inMs: 500 } }, "Agent ended and is started again"],
  ["idle", { agent: { state: "replacing", from: "0.0.1", to: "0.1.0" } }, "Agent is being updated"],
] as const)("it looks %s when that is how things are", (look, given, headline) => {
  const model = trayModel({ ...idle, ...given });
  expect(model.look).toBe(look);
  expect(model.tooltip).toBe(`CloudSmith: ${headline}`);
});

test("a running deployment shows with stage and time, and leads to its window", () => {
  const team = withDeployment({ ...idle.team, projects: [someProject()] }, someDeployment()).state;
  const { items } = trayModel({ ...idle, team });
  expect(items).toContainEqual({
    type: "action",
    label: "shop: building, 0:42",
    action: { type: "open-deployment", id: "dep_0001" },
  });
});

test("a failure shows with its cause, and leads to its window", () => {
  const team = withDeployment({ ...idle.team, projects: [someProject()] }, failed).state;
  expect(labels(trayModel({ ...idle, team }).items)).toContain("shop: The build failed");
});

test("recent projects offer to deploy again, and the app where it answers", () => {
  const projects = [someProject("shop", { url: "http://shop.localhost:7080" }), someProject("blog")];
  const { items } = trayModel({ ...idle, team: { ...idle.team, projects } });
  const menus = items.flatMap((item) => (item.type === "menu" ? [[item.label, ...labels(item.items)]] : []));
  expect(menus).toEqual([
    ["shop", "Deploy again", "Open app", "Show project"],
    ["blog", "Deploy again", "Show project"],
  ]);
});

test("an agent that is down can be started, and an update that is ready taken", () => {
  const down = trayModel({ ...idle, agent: { state: "stopped" }, update: "0.2.0" });
  expect(labels(down.items)).toEqual([
    "Open CloudSmith",
    "Agent is stopped",
    "Start the agent",
    "Pause notifications",
    "Restart to update to 0.2.0",
    "Quit CloudSmith",
  ]);
});
