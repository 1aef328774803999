import { frameworks, type Condition, type Framework, type Variant } from "../frameworks.ts";
import { joinPath, packageJson, type PackageJson, type SourceTree } from "./source-tree.ts";

/** Names of all packages that a package.json asks for. */
export function dependencyNames(json: PackageJson): ReadonlySet<string> {
  return new Set([
    ...Object.keys(json.dependencies),
    ...Object.keys(json.devDependencies),
    ...Object.keys(json.optionalDependencies),
  ]);
}

/** The framework of an app by its dependencies, the most specific one. */
export function findFramework(tree: SourceTree, dir: string, json: PackageJson): Framework | undefined {
  const names = dependencyNames(json);
  return frameworks.find(
    (row) =>
      row.packages.some((name) => names.has(name)) &&
      hasSign(tree, dir, json, row) &&
      (row.when === undefined || conditionHolds(tree, dir, json, row.when)),
  );
}

function hasSign(tree: SourceTree, dir: string, json: PackageJson, { signs }: Framework): boolean {
  return (
    signs === undefined ||
    Object.values(json.scripts).some((script) => signs.script.test(script)) ||
    (signs.folders ?? []).some((folder) => tree.isFolder(joinPath(dir, folder))) ||
    (signs.files ?? []).some((file) => tree.isFile(joinPath(dir, file)))
  );
}

/** The first way to serve whose condition holds. */
export function findVariant(
  tree: SourceTree,
  dir: string,
  json: PackageJson,
  framework: Framework,
): Variant | undefined {
  return framework.variants.find(
    (variant) => variant.when === undefined || conditionHolds(tree, dir, json, variant.when),
  );
}

/** The output folder: what the configuration names, else the row's. */
export function variantOutput(tree: SourceTree, dir: string, variant: Variant): string {
  const named =
    variant.outputFrom === undefined
      ? undefined
      : firstMatch(tree, dir, variant.outputFrom.files, variant.outputFrom.pattern)?.[1];
  const below = variant.outputFrom?.under ?? "";
  const clean = named === undefined ? undefined : joinPath(below, named.replace(/^\.?\//, "").replace(/\/$/, ""));
  return clean === undefined || clean === "" || clean.startsWith("..") ? (variant.static?.output ?? ".") : clean;
}

export function conditionHolds(tree: SourceTree, dir: string, json: PackageJson, condition: Condition): boolean {
  const names = dependencyNames(json);
  return (
    (condition.config === undefined ||
      firstMatch(tree, dir, condition.config.files, condition.config.pattern) !== undefined) &&
    (condition.dependency === undefined || condition.dependency.some((name) => names.has(name))) &&
    (condition.buildScript === undefined || condition.buildScript.test(json.scripts["build"] ?? "")) &&
    (condition.file === undefined || condition.file.some((name) => tree.isFile(joinPath(dir, name)))) &&
    (condition.json === undefined ||
      valueAt(tree.json(joinPath(dir, condition.json.file)), condition.json.at) !== undefined)
  );
}

/** The first match of a pattern in files named with an optional trailing `*`. Commented lines do not count. */
export function firstMatch(
  tree: SourceTree,
  dir: string,
  files: readonly string[],
  pattern: RegExp,
): RegExpExecArray | undefined {
  const names = tree
    .names(dir)
    .filter((name) => files.some((file) => (file.endsWith("*") ? name.startsWith(file.slice(0, -1)) : name === file)));
  for (const name of names) {
    const match = pattern.exec(withoutComments(tree.text(joinPath(dir, name)) ?? ""));
    if (match !== null) return match;
  }
  return undefined;
}

function withoutComments(text: string): string {
  return text.replace(/^\s*\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
}

/** The value at a dotted path of parsed JSON. */
export function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    // Indexing an object of unknown shape by a key it was seen to have.
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A package.json's label for a framework-less app. */
export function appName(tree: SourceTree, dir: string): string {
  const name = packageJson(tree, dir)?.name?.replace(/^@[^/]+\//, "");
  return name ?? dir.split("/").at(-1) ?? "";
}
