import { GitHubDouble } from "@cloudsmith/testkit";
import { Installation } from "../../../journeys/support/installation.ts";
import { test as base } from "./test.ts";

/** An installation whose GitHub is the double. */
export const test = base.extend<{ readonly github: GitHubDouble }>({
  // Playwright reads the fixtures that are needed from the pattern, which is empty here.
  // oxlint-disable-next-line no-empty-pattern
  github: async ({}, use) => {
    await using github = await GitHubDouble.start();
    await use(github);
  },
  installation: async ({ github }, use) => {
    await using installation = await Installation.start({ github: github.bases.web });
    await use(installation);
  },
});
