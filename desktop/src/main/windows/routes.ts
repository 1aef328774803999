import type { Link } from "../links/deep-link.ts";

/** Pages of Launchboard that the app itself leads to. */
export const routes = {
  home: "/",
  settings: "/settings",
  project: (name: string): string => `/projects/${encodeURIComponent(name)}`,
  deployment: (id: string): string => `/deployments/${encodeURIComponent(id)}`,
  /** The page of a deployment in a window of its own. */
  deploymentWindow: (id: string, compact: boolean): string =>
    `/deployments/${encodeURIComponent(id)}?window=${compact ? "compact" : "full"}`,
  newFromFolder: (folder: string): string => `/new/review?${new URLSearchParams({ folder }).toString()}`,
  newFromRepository: ({ repository, ref, dir }: Extract<Link, { type: "deploy" }>): string =>
    `/new/review?${new URLSearchParams({ git: repository, ...(ref !== undefined && { ref }), ...(dir !== undefined && { dir }) }).toString()}`,
} as const;

/** The deployment that a page shows; undefined where it shows something else. */
export function deploymentOf(address: string): string | undefined {
  return URL.canParse(address) ? /\/deployments\/(dep_[0-9a-z]+)/.exec(new URL(address).pathname)?.[1] : undefined;
}
