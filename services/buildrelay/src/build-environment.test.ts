import type { BuildPlan, Snapshot } from "@cloudsmith/contracts";
import { expect, it } from "vitest";
import { buildInputs } from "./build-environment.ts";

/** Only what the inputs are made of. */
const plan = (framework: string | null): BuildPlan =>
  ({ framework, env: { build: { FROM_PLAN: "1" }, run: {} } }) as unknown as BuildPlan;
const snapshot = (address: string): Snapshot =>
  ({
    variables: {
      NEXT_PUBLIC_API: { value: address, scope: "run" },
      VITE_API: { value: "other", scope: "run" },
      DATABASE: { value: "db", scope: "run" },
      BUILD_ONLY: { value: "b", scope: "build" },
    },
    secrets: {},
  }) as unknown as Snapshot;

it("what a framework writes into its pages reaches the build whatever its scope; the rest of the run does not", () => {
  expect(buildInputs(plan("next"), snapshot("https://api"))).toEqual({
    FROM_PLAN: "1",
    BUILD_ONLY: "b",
    NEXT_PUBLIC_API: "https://api",
  });
  expect(buildInputs(plan(null), snapshot("https://api"))).toEqual({ FROM_PLAN: "1", BUILD_ONLY: "b" });
});

it("a change of such a variable is another build", () => {
  expect(buildInputs(plan("next"), snapshot("https://new"))).not.toEqual(
    buildInputs(plan("next"), snapshot("https://old")),
  );
});
