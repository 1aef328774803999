import { randomBytes } from "node:crypto";

/** The path that GitHub comes back to. */
export const callbackPath = "/callback";
/** The path that GitHub leads to once the app was installed. */
export const installedPath = "/callback/installed";

/** The agent's own port and those that it takes when that one is in use; GitHub keeps at most ten addresses. */
const usualPorts = Array.from({ length: 8 }, (_, index) => 7420 + index);

/**
 * What GitHub registers as an app of the person's own, https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest.
 * It may read files and nothing else. It has no webhook: an address on this computer cannot be reached from GitHub.
 */
export function appManifest(origin: string): Record<string, unknown> {
  const callbacks = [`${origin}${callbackPath}`, `http://127.0.0.1${callbackPath}`].concat(
    usualPorts.map((port) => `http://127.0.0.1:${port}${callbackPath}`),
  );
  return {
    // Names are unique at GitHub; the person may change it there.
    name: `CloudSmith ${randomBytes(4).toString("hex")}`,
    description: "Reads the repositories that CloudSmith deploys",
    url: "http://cloudsmith.localhost",
    redirect_url: `${origin}${callbackPath}`,
    callback_urls: [...new Set(callbacks)].slice(0, 10),
    setup_url: `${origin}${installedPath}`,
    public: false,
    request_oauth_on_install: false,
    default_permissions: { contents: "read", metadata: "read" },
  };
}

/** The page of GitHub that takes a manifest. */
export function manifestTarget(web: string, organization: string | null, state: string): string {
  const owner = organization === null ? "" : `/organizations/${organization}`;
  return `${web}${owner}/settings/apps/new?state=${encodeURIComponent(state)}`;
}
