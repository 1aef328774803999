export const deploymentTabs = ["log", "timeline", "changes", "plan", "configuration", "details"] as const;
export type DeploymentTab = (typeof deploymentTabs)[number];

/** How the page shows itself in a window of its own, without navigation: how it goes and its log, or everything. */
export const ownWindows = ["compact", "full"] as const;
export type OwnWindow = (typeof ownWindows)[number];

export interface DeploymentSearch {
  readonly window?: OwnWindow;
  readonly tab?: DeploymentTab;
}

/** What the address says; anything unknown is left out. */
export function deploymentSearch(search: Record<string, unknown>): DeploymentSearch {
  const tab = deploymentTabs.find((each) => each === search["tab"]);
  const window = ownWindows.find((each) => each === search["window"]);
  return { ...(window !== undefined && { window }), ...(tab !== undefined && { tab }) };
}
