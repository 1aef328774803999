import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  canonicalJson,
  configurationChanges,
  configurationOf,
  newSnapshot,
  type Configuration,
} from "./configuration.ts";
import { testEnvironment, testProject } from "./testing/world.ts";

const empty: Configuration = { variables: {}, secrets: {}, settings: {} };
const project = testProject("team_test");
const environment = testEnvironment(project);
const digestOf = (configuration: Configuration): string => newSnapshot(environment, configuration, new Date(0)).digest;

test("equal values have one text whatever the order of their keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const shuffled = JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
        inner !== null && typeof inner === "object" && !Array.isArray(inner)
          ? Object.fromEntries(Object.entries(inner).reverse())
          : inner,
      );
      expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
      // -0 is 0 in JSON.
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

const variables = fc.dictionary(
  fc.constantFrom("A", "B", "constructor", "toString", "PATH"),
  fc.record({ value: fc.string(), scope: fc.constantFrom("build" as const, "run" as const, "both" as const) }),
  { noNullPrototype: true },
);

test("digests differ exactly where changes are listed", () => {
  fc.assert(
    fc.property(variables, variables, (before, after) => {
      const [one, two] = [before, after].map((each) => ({ ...empty, variables: { ...each } }));
      const changes = configurationChanges(one ?? empty, two ?? empty);
      expect(changes.length === 0).toBe(digestOf(one ?? empty) === digestOf(two ?? empty));
      for (const { name, change } of changes) {
        expect(Object.hasOwn(before, name)).toBe(change !== "added");
        expect(Object.hasOwn(after, name)).toBe(change !== "removed");
      }
    }),
  );
});

test("a change is listed by name, never by value", () => {
  const before: Configuration = {
    variables: { COLOR: { value: "red", scope: "both" }, GONE: { value: "x", scope: "run" } },
    secrets: { TOKEN: { version: "sec_0001", scope: "run" } },
    settings: { build: "npm run build" },
  };
  const after: Configuration = {
    variables: { COLOR: { value: "blue", scope: "both" } },
    secrets: { TOKEN: { version: "sec_0002", scope: "run" }, KEY: { version: "sec_0003", scope: "run" } },
    settings: {},
  };
  expect(configurationChanges(before, after)).toEqual([
    { kind: "variable", name: "COLOR", change: "changed" },
    { kind: "variable", name: "GONE", change: "removed" },
    { kind: "secret", name: "KEY", change: "added" },
    { kind: "secret", name: "TOKEN", change: "changed" },
    { kind: "setting", name: "build", change: "removed" },
  ]);
});

test("changes are pending until the configuration is again what was deployed", () => {
  const deployed = newSnapshot(environment, configurationOf(project, environment), new Date(0));
  const changed = { ...environment, variables: { A: { value: "1", scope: "both" as const } } };
  expect(configurationChanges(deployed, configurationOf(project, changed))).toHaveLength(1);
  expect(configurationChanges(deployed, configurationOf(project, environment))).toEqual([]);
});
