import { coerce, gte } from "semver";
import { pythonCompatibility } from "../python-compatibility.ts";

export interface PinBound {
  /** The first minor line of Python 3 that is too new. */
  readonly below: number;
  readonly because: string;
}

/** What a lock or a list pins: `name==version`, under conditions or not. */
const pinned = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*===?\s*(\d[\w.]*)/;

/** The lowest bound that pins set to the version of Python; undefined where none does. Pins of another platform or Python count as well: they are of the same age. */
export function boundByPins(requirements: Iterable<string>): PinBound | undefined {
  let lowest: PinBound | undefined;
  for (const requirement of requirements) {
    const [, name, release] = pinned.exec(requirement) ?? [];
    const bound = name === undefined || release === undefined ? undefined : boundOf(name, release);
    if (bound !== undefined && (lowest === undefined || bound.below < lowest.below)) lowest = bound;
  }
  return lowest;
}

function boundOf(name: string, release: string): PinBound | undefined {
  const since = Object.entries(pythonCompatibility[name.toLowerCase().replaceAll(/[-_.]+/g, "-")] ?? {});
  const version = coerce(release);
  const [newest] = since;
  if (version === null || newest === undefined || isFrom(version.version, newest[1])) return undefined;
  const fitting = since.find(([, first]) => isFrom(version.version, first));
  const below = fitting === undefined ? minor(since.at(-1)?.[0] ?? "") : minor(fitting[0]) + 1;
  return { below, because: `${name} ${release} is not made for Python 3.${below} and newer` };
}

function isFrom(version: string, first: string): boolean {
  const least = coerce(first);
  return least !== null && gte(version, least);
}

function minor(python: string): number {
  return Number(python.split(".")[1]);
}
