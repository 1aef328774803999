import { coerce, gte, satisfies, validRange } from "semver";
import type { Framework } from "../frameworks.ts";
import { ancestors, longTermLines, type VersionChoice } from "./node-version.ts";
import { joinPath, type SourceTree } from "./source-tree.ts";

/** Those that are still chosen for what asks for a newer one, oldest first. */
const currentLines = longTermLines.filter((line) => gte(line, "18.0.0")).toReversed();
/** They end with an error on a Node that they do not allow; others only warn of it. */
const refusing: ReadonlySet<string> = new Set(["next", "astro", "@angular/cli", "gatsby", "vite"]);

export interface StaleVersion {
  readonly choice: VersionChoice;
  readonly message: string;
  readonly fix: string;
}

/**
 * A version that the repository states and that the framework in its lockfile refuses: the file was forgotten when the framework was updated.
 * Gives the nearest long-term line that it allows; undefined where the stated one is allowed or nothing can be told.
 */
export function staleVersion(
  tree: SourceTree,
  dir: string,
  framework: Framework | undefined,
  stated: VersionChoice,
): StaleVersion | undefined {
  const newest = coerce(stated.version);
  if (newest === null || !/^\d+(\.\d+){0,2}(\.x)?$/.test(stated.version)) return undefined;
  // `18.x` is the last release of that line.
  const version = currentLines.find((line) => satisfies(line, stated.version)) ?? newest.version;
  for (const name of framework?.packages ?? []) {
    const range = refusing.has(name) ? lockedEngine(tree, dir, name) : undefined;
    if (range === undefined || satisfies(version, range)) continue;
    const line = currentLines.find((each) => satisfies(each, range));
    if (line === undefined) continue;
    const major = line.split(".")[0] ?? "";
    return {
      choice: { version: `${major}.x`, because: `${name} in the lockfile asks for Node ${range}` },
      message: `${stated.because}, and ${name} in the lockfile refuses it: Node ${major} is used`,
      fix: `Ask for Node ${range} where the app states its version`,
    };
  }
  return undefined;
}

/** What the nearest lockfile says of the Node that a package runs on, where it holds one release of it. Read as text: a large lockfile takes long to parse. */
function lockedEngine(tree: SourceTree, dir: string, name: string): string | undefined {
  for (const folder of ancestors(dir)) {
    const npm = tree.text(joinPath(folder, "package-lock.json"));
    const pnpm = tree.text(joinPath(folder, "pnpm-lock.yaml"));
    if (npm === undefined && pnpm === undefined) continue;
    const range = npm === undefined ? pnpmEngine(pnpm ?? "", name) : npmEngine(npm, name);
    return range !== undefined && validRange(range) !== null ? range : undefined;
  }
  return undefined;
}

function npmEngine(text: string, name: string): string | undefined {
  const start = text.indexOf(`"node_modules/${name}": {`);
  if (start === -1) return undefined;
  const entry = text.slice(start, start + 20_000).split(/\n {4}\}/)[0] ?? "";
  return /"engines": \{\s*"node": "([^"]+)"/.exec(entry)?.[1];
}

function pnpmEngine(text: string, name: string): string | undefined {
  const found = [...text.matchAll(new RegExp(`^ {2}['"]?/?${name}@\\d[^\\n]*:\\n((?: {4}[^\\n]*\\n)+)`, "gm"))].flatMap(
    ([, entry = ""]) => /engines: \{node: '?([^'}]+)'?\}/.exec(entry)?.[1] ?? [],
  );
  return new Set(found).size === 1 ? found[0] : undefined;
}
