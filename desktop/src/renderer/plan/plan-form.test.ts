import type { BuildPlan, PlanSettings } from "@cloudsmith/contracts";
import { PlanSettings as Settings } from "@cloudsmith/contracts";
import { expect, test } from "vitest";
import { commandText, editField, planFieldNames, planRows, problemOf, resetField } from "./plan-form.ts";

const detected: BuildPlan = {
  version: 1,
  kind: "node",
  framework: "express",
  appDir: "",
  installDir: "",
  packageManager: { name: "npm", version: null, lockfile: "package-lock.json" },
  toolchains: { node: "24.21.0" },
  commands: { install: { argv: ["npm", "ci"] }, build: null, release: null },
  serve: { type: "process", start: { argv: ["node", "server.js"] } },
  processes: [],
  output: null,
  port: null,
  health: { path: "/", startSeconds: 60 },
  env: { build: {}, run: {} },
  persist: null,
  limits: { memoryMb: null, buildMemoryMb: null, buildSeconds: null },
  expects: [],
  caches: [],
  reasons: [{ field: "serve", origin: "detected", because: 'script "start" of package.json' }],
  warnings: [],
};
const plans = { plan: detected, detected };

test("each row has its value, its reason and whether a person set it", () => {
  const plan: BuildPlan = {
    ...detected,
    port: 4000,
    reasons: [...detected.reasons, { field: "port", origin: "project", because: "the project's settings says so" }],
  };
  const rows = new Map(planRows(plan, detected, { port: 4000 }).map((row) => [row.name, row]));
  expect(rows.get("start")).toMatchObject({
    value: "node server.js",
    overridden: false,
    reason: { because: 'script "start" of package.json' },
  });
  expect(rows.get("port")).toMatchObject({
    value: "4000",
    detected: "",
    overridden: true,
    reason: { origin: "project" },
  });
  expect(rows.get("toolchain")?.value).toBe("24.21.0");
  expect(rows.has("spa")).toBe(false);
});

test.each([
  ["build", "npm run build", { build: "npm run build" }],
  ["install", "", { install: null }],
  ["start", "  node other.js ", { start: "node other.js" }],
  ["start", "", {}],
  ["port", "8080", { port: 8080 }],
  ["port", "", {}],
  ["healthPath", "up", { health: { path: "/up" } }],
  ["startSeconds", "90", { health: { startSeconds: 90 } }],
  ["toolchain", "22", { toolchains: { node: "22" } }],
  ["packageManager", "pnpm", { packageManager: "pnpm" }],
  ["memoryMb", "512", { limits: { memoryMb: 512 } }],
  ["persist", "data", { persist: "data" }],
  ["framework", "", { framework: null }],
] as const)("%s typed as %j sets %j", (name, typed, expected) => {
  const settings = editField({}, name, typed, plans);
  expect(settings).toEqual(expected);
  expect(Settings.safeParse(settings).success).toBe(true);
});

test("typing what was detected is the same as resetting the field", () => {
  const settings: PlanSettings = { start: "node other.js", port: 1 };
  expect(editField(settings, "start", "node server.js", plans)).toEqual({ port: 1 });
  expect(resetField(settings, "port")).toEqual({ start: "node other.js" });
});

test("a field of a group leaves the others of the group alone, and the last one takes the group away", () => {
  const both: PlanSettings = { health: { path: "/up", startSeconds: 90 } };
  expect(resetField(both, "healthPath")).toEqual({ health: { startSeconds: 90 } });
  expect(resetField({ health: { path: "/up" } }, "healthPath")).toEqual({});
});

test("every field can be reset to nothing", () => {
  for (const name of planFieldNames) expect(resetField({}, name)).toEqual({});
});

test("numbers are numbers within their bounds", () => {
  const port = { type: "number", min: 1, max: 65_535 } as const;
  expect([problemOf(port, "80"), problemOf(port, "x"), problemOf(port, "70000"), problemOf(port, "")]).toEqual([
    undefined,
    "number",
    "range",
    undefined,
  ]);
});

test("commands read as they would be typed", () => {
  expect(commandText({ argv: ["node", "-e", "it's fine"] })).toBe("node -e 'it'\\''s fine'");
  expect(commandText({ script: "a && b" })).toBe("a && b");
  expect(commandText(null)).toBe("");
});
