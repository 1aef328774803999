export const deploymentTabs = ["log", "timeline", "changes", "plan", "configuration", "details"] as const;
export type DeploymentTab = (typeof deploymentTabs)[number];

export interface DeploymentSearch {
  /** A small window of its own: no side bar, the log first. */
  readonly view?: "compact";
  readonly tab?: DeploymentTab;
}

/** What the address says; anything unknown is left out. */
export function deploymentSearch(search: Record<string, unknown>): DeploymentSearch {
  const tab = deploymentTabs.find((each) => each === search["tab"]);
  return { ...(search["view"] === "compact" && { view: "compact" }), ...(tab !== undefined && { tab }) };
}
