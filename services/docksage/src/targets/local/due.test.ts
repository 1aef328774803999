import { expect, test } from "vitest";
import { Due } from "./due.ts";

const one = { teamId: "team_a", id: "env_1" };
const two = { teamId: "team_a", id: "env_2" };

test("what is due is taken once, each environment once, and everything stands for all of them", () => {
  const due = new Due();
  expect(due.isEmpty).toBe(true);
  for (const each of [one, two, one]) due.add(each);
  expect(due.take()).toEqual({ all: false, some: [one, two] });
  expect(due.isEmpty).toBe(true);
  due.add(one);
  due.add(undefined);
  expect(due.take()).toEqual({ all: true, some: [] });
});

test("what could not be done is due again, beside what has come since", () => {
  const due = new Due();
  due.add(one);
  const failed = due.take();
  due.add(two);
  due.giveBack(failed);
  expect(due.take()).toEqual({ all: false, some: [two, one] });
  due.giveBack({ all: true, some: [] });
  expect(due.take()).toEqual({ all: true, some: [] });
});
