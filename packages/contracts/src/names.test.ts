import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EnvironmentName, hostLabel, ProjectName, reservedNames, toProjectName, VariableName } from "./names.ts";

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const anyText = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.stringMatching(/^[a-z0-9 ._/-]{0,80}$/));

test("any text becomes a valid project name, and a valid one stays", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const name = toProjectName(text);
      expect(ProjectName.safeParse(name).success, name).toBe(true);
      if (ProjectName.safeParse(text).success) expect(name).toBe(text);
    }),
  );
  for (const reserved of reservedNames) expect(ProjectName.safeParse(toProjectName(reserved)).success).toBe(true);
  expect(["My App!", "", "42", "www", "Größe", "a--b", "/home/ada/shop"].map(toProjectName)).toEqual([
    "my-app",
    "my-app",
    "my-app",
    "www-app",
    "gro-e",
    "a-b",
    "home-ada-shop",
  ]);
});

const projectName = anyText.map(toProjectName);
const environmentName = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,19}$/)
  .filter((name) => EnvironmentName.safeParse(name).success);

test("a host label is a DNS label of at most 63 characters", () => {
  fc.assert(
    fc.property(projectName, environmentName, (project, environment) => {
      expect(hostLabel(project, environment)).toMatch(label);
    }),
  );
  expect(hostLabel("a".repeat(40), "b".repeat(20))).toHaveLength(62);
});

test("two environments have one label only when they are the same", () => {
  const pair = fc.tuple(projectName, environmentName);
  fc.assert(
    fc.property(pair, pair, (one, two) => {
      expect(hostLabel(...one) === hostLabel(...two)).toBe(one.join("\n") === two.join("\n"));
    }),
  );
});

test("names that could do harm are refused", () => {
  for (const name of ["", "-a", "a-", "A", "a_b", "a--b", "cloudsmith", "a b", "a;b", "../a", "a".repeat(41)])
    expect(ProjectName.safeParse(name).success, name).toBe(false);
  for (const name of ["1A", "A-B", "A=B", "", "CLOUDSMITH_X", "A\n"])
    expect(VariableName.safeParse(name).success, name).toBe(false);
  for (const name of ["A", "_x", "NEXT_PUBLIC_URL", "constructor"])
    expect(VariableName.safeParse(name).success, name).toBe(true);
});
