import { expect, test } from "vitest";
import { activity } from "../../words/activity.ts";
import { sayer } from "../../words/say.ts";
import { subjectOf, verbOf } from "./describe.ts";

const say = sayer(activity, "en");

test("an action is told in words; one that this page does not know yet by its name", () => {
  expect(verbOf({ action: "deployments.rollback" }, say)).toBe("rolled back");
  expect(verbOf({ action: "clouds.invent" }, say)).toBe("used clouds.invent on");
  expect(verbOf({ action: "other" }, say)).toBe("used other on");
});

test("a project is told by the name that it has now", () => {
  const names = new Map([["prj_1", "shop"]]);
  expect(subjectOf({ subject: "prj_1 production", projectId: "prj_1" }, names)).toBe("shop");
  expect(subjectOf({ subject: "shop staging", projectId: "prj_1" }, names)).toBe("shop / staging");
  expect(subjectOf({ subject: "old production", projectId: "prj_2" }, names)).toBe("old production");
});
