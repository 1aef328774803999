import { coerce, satisfies, validRange } from "semver";
import * as z from "zod";
import { joinPath, packageJson, type SourceTree } from "./source-tree.ts";

export interface VersionChoice {
  /** An exact version or a range. */
  readonly version: string;
  readonly because: string;
}

/** Code names of Node's long-term releases, as .nvmrc has them (nodejs/Release schedule). */
const codeNames: Readonly<Record<string, string>> = {
  argon: "4",
  boron: "6",
  carbon: "8",
  dubnium: "10",
  erbium: "12",
  fermium: "14",
  gallium: "16",
  hydrogen: "18",
  iron: "20",
  jod: "22",
  krypton: "24",
};

/** Newest long-term line; the version that runs CloudSmith is of it or newer. */
const currentLts = "24.x";

/**
 * The Node version of an app: version files and `volta` and `engines` of the app's folder and the folders above it, nearest first; then what its dependencies' `engines` allow; else the
 * current long-term line. Where CloudSmith's own version fits it is taken, since it is at hand.
 */
export function chooseNode(tree: SourceTree, dir: string): VersionChoice {
  for (const folder of ancestors(dir)) {
    const stated = statedVersion(tree, folder);
    if (stated === undefined) continue;
    return atHand(stated.version, `${joinPath(folder, stated.file)} asks for ${stated.text}`);
  }
  return (
    byAge(tree, dir) ??
    byDependencies(tree, dir) ??
    atHand(currentLts, "nothing asks for a version: the current long-term line")
  );
}

/** CloudSmith's own version where it satisfies the range, else the range. */
export function atHand(range: string, because: string): VersionChoice {
  const own = process.versions.node;
  return satisfies(own, range) && !/-/.test(own) ? { version: own, because } : { version: range, because };
}

/** The folder, then each one above it to the root. */
export function* ancestors(dir: string): Generator<string> {
  for (let folder = dir; ; folder = joinPath(folder, "..")) {
    yield folder;
    if (folder === "") return;
  }
}

interface Stated {
  readonly version: string;
  readonly file: string;
  readonly text: string;
}

function statedVersion(tree: SourceTree, folder: string): Stated | undefined {
  const json = packageJson(tree, folder);
  const candidates: readonly (readonly [string, string | undefined])[] = [
    [".nvmrc", firstLine(tree.text(joinPath(folder, ".nvmrc")))],
    [".node-version", firstLine(tree.text(joinPath(folder, ".node-version")))],
    ["package.json (volta)", json?.volta["node"]],
    [".tool-versions", /^(?:nodejs|node)\s+(\S+)/m.exec(tree.text(joinPath(folder, ".tool-versions")) ?? "")?.[1]],
    [
      "mise.toml",
      /^\s*(?:node|nodejs)\s*=\s*["']([^"']+)["']/m.exec(
        tree.text(joinPath(folder, "mise.toml")) ?? tree.text(joinPath(folder, ".mise.toml")) ?? "",
      )?.[1],
    ],
    ["package.json (engines)", json?.engines["node"]],
  ];
  for (const [file, text] of candidates) {
    const version = text === undefined ? undefined : toRange(text);
    if (version !== undefined && text !== undefined) return { version, file, text };
  }
  return undefined;
}

/** A version as people write it (`v20`, `lts/iron`, `20.11.0`, `>=18`) as an exact version or a range; undefined where it says nothing. */
export function toRange(text: string): string | undefined {
  const clean = text
    .trim()
    .toLowerCase()
    .replace(/^node[@-]?/, "");
  if (
    clean === "lts/*" ||
    clean === "lts" ||
    clean === "latest" ||
    clean === "node" ||
    clean === "stable" ||
    clean === "current"
  )
    return currentLts;
  const named = codeNames[clean.replace(/^lts\//, "")];
  if (named !== undefined) return `${named}.x`;
  const plain = clean.replace(/^v(?=\d)/, "");
  if (/^\d+\.\d+\.\d+$/.test(plain)) return plain;
  if (/^\d+(\.\d+)?$/.test(plain)) return `${plain}.x`;
  const range = validRange(plain);
  return range === null || range === "*" || range === "" ? undefined : plain;
}

function firstLine(text: string | undefined): string | undefined {
  return text
    ?.split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .find((line) => line !== "");
}

/** Packages that were made for Node up to a line and do not install on newer ones: native modules of their time. Lowest line first for each. */
const lastLines: readonly { readonly name: string; readonly range: string; readonly node: string }[] = [
  { name: "node-sass", range: "<5.0.0", node: "14.x" },
  { name: "node-sass", range: "<8.0.0", node: "16.x" },
  { name: "node-sass", range: "<10.0.0", node: "20.x" },
  { name: "fibers", range: "*", node: "14.x" },
  { name: "grpc", range: "*", node: "14.x" },
  { name: "bcrypt", range: "<5.0.0", node: "14.x" },
  { name: "sqlite3", range: "<5.0.0", node: "14.x" },
  { name: "sharp", range: "<0.28.0", node: "14.x" },
  { name: "gulp", range: "<4.0.0", node: "10.x" },
  { name: "nuxt", range: "<2.15.0", node: "16.x" },
  { name: "gatsby", range: "<3.0.0", node: "14.x" },
  { name: "gatsby", range: "<5.0.0", node: "18.x" },
];

/** The newest line that packages of an older time still install on. */
function byAge(tree: SourceTree, dir: string): VersionChoice | undefined {
  const json = packageJson(tree, dir);
  const all = { ...json?.devDependencies, ...json?.dependencies };
  const found = lastLines
    .filter((row) => all[row.name] !== undefined && minVersion(all[row.name] ?? "", row.range))
    .toSorted((a, b) => Number.parseInt(a.node, 10) - Number.parseInt(b.node, 10))[0];
  return found === undefined
    ? undefined
    : atHand(found.node, `${found.name} ${all[found.name] ?? ""} does not install on newer versions of Node`);
}

function minVersion(asked: string, below: string): boolean {
  const lowest = coerce(asked);
  return lowest !== null && satisfies(lowest, below);
}

const LockPackages = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ engines: z.looseObject({ node: z.string().optional() }).optional().catch(undefined) }),
  ),
});
/** Lines of Node with long-term support, newest first, each by its last release so far. */
export const longTermLines = ["24.21.0", "22.22.0", "20.20.0", "18.20.8", "16.20.2", "14.21.3"];

/** An old app without a stated version: the newest long-term line that every direct dependency in the lockfile allows. */
function byDependencies(tree: SourceTree, dir: string): VersionChoice | undefined {
  const lock = LockPackages.safeParse(tree.json(joinPath(dir, "package-lock.json")));
  const json = packageJson(tree, dir);
  if (!lock.success || json === undefined) return undefined;
  const direct = [...Object.keys(json.dependencies), ...Object.keys(json.devDependencies)];
  const asked = direct.flatMap((name) => {
    const range = lock.data.packages[`node_modules/${name}`]?.engines?.node;
    return range !== undefined && validRange(range) !== null ? [{ name, range }] : [];
  });
  const refusing = asked.find((row) => !satisfies(process.versions.node, row.range));
  if (refusing === undefined) return undefined;
  const line = longTermLines.find((version) => asked.every((row) => satisfies(version, row.range)));
  return line === undefined
    ? undefined
    : atHand(`${line.split(".")[0]}.x`, `${refusing.name} asks for Node ${refusing.range}`);
}
