/** What is done with an agent that was found running. */
export type VersionChoice =
  | "use"
  /** Once nothing is being deployed: it understands us until then. */
  | "replace-when-idle"
  /** At once: it does not understand us. Deployments go on in its successor. */
  | "replace"
  /** It is newer and does not understand us: the app has to be updated. */
  | "update-app";

interface Versions {
  readonly version: string;
  readonly apiVersion: number;
}

/** Decides by the versions of the agent found and of the one that came with the app. */
export function chooseByVersion(found: Versions, shipped: Versions): VersionChoice {
  const older = compareVersions(found.version, shipped.version) < 0;
  if (found.apiVersion === shipped.apiVersion) return older ? "replace-when-idle" : "use";
  return found.apiVersion < shipped.apiVersion ? "replace" : "update-app";
}

/** Below, at or above zero, by the numbers of `1.2.3`; what follows a dash comes before the release. */
function compareVersions(a: string, b: string): number {
  const [[releaseA = "", preA], [releaseB = "", preB]] = [a.split("-", 2), b.split("-", 2)];
  const [numbersA, numbersB] = [releaseA, releaseB].map((text) => text.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (numbersA?.[index] ?? 0) - (numbersB?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (preA === preB) return 0;
  if (preA === undefined) return 1;
  return preB === undefined || preA < preB ? -1 : 1;
}
