import { CloudSmithError } from "@cloudsmith/contracts";
import type { Builder } from "./build-context.ts";

/** Kinds that can be planned and not yet built here. */
export const unsupportedBuilder: Builder = {
  install: ({ plan }) => {
    throw new CloudSmithError("plan-unsupported", `CloudSmith cannot build ${plan.kind} apps here yet`, {
      fix: "Say in cloudsmith.json how the app is built and started",
    });
  },
  build: () => Promise.resolve(),
  contents: ({ plan }) => Promise.resolve({ entries: [], plan }),
};
