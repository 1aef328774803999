import { CloudSmithError } from "@cloudsmith/contracts";
import type { KeeperDesired } from "../protocol.ts";

/**
 * Refuses a desired state that contradicts itself.
 * @throws `invalid-input` for ids, hosts or ports named twice and for routes to releases that it does not name.
 */
export function checkDesired(desired: KeeperDesired): void {
  const releases = new Map(desired.releases.map((release) => [release.id, release]));
  const problem =
    twice(
      "release",
      desired.releases.map((release) => release.id),
    ) ??
    twice(
      "environment",
      desired.routes.map((route) => route.environmentId),
    ) ??
    twice(
      "host",
      desired.routes.map((route) => route.host),
    ) ??
    twice(
      "plain port",
      desired.routes.flatMap((route) => (route.plainPort === null ? [] : [String(route.plainPort)])),
    ) ??
    desired.routes.flatMap(({ host, environmentId, releaseId }) => {
      if (releaseId === null) return [];
      const release = releases.get(releaseId);
      if (release === undefined)
        return [`the route ${host} names the release ${releaseId}, which is not among the releases`];
      return release.environmentId === environmentId
        ? []
        : [`the route ${host} names the release ${releaseId} of another environment`];
    })[0];
  if (problem !== undefined)
    throw new CloudSmithError("invalid-input", "The keeper was given a desired state that contradicts itself", {
      why: problem,
    });
}

function twice(what: string, names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return `the ${what} ${name} is named twice`;
    seen.add(name);
  }
  return undefined;
}
