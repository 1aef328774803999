import type { FrameworkApp } from "./framework-app.ts";
import { nodeServers } from "./node-servers.ts";
import { nodeSites } from "./node-sites.ts";
import { otherLanguages } from "./other-languages.ts";
import { packageManagers } from "./package-managers.ts";

/** One small real app for each framework and package manager that has no folder below fixtures/apps. */
export const frameworkApps: readonly FrameworkApp[] = [
  ...nodeSites,
  ...nodeServers,
  ...packageManagers,
  ...otherLanguages,
];
