import { parse as parseYaml } from "yaml";
import * as z from "zod";
import ignore, { type Ignore } from "ignore";
import { joinPath, oncePerFolder, packageJson, type SourceTree } from "./source-tree.ts";

export interface Workspace {
  /** The workspace's root folder. */
  readonly root: string;
  readonly patterns: readonly string[];
}

const PnpmWorkspace = z.looseObject({ packages: z.array(z.string()) });

/** The patterns of members that a folder declares, if it is a workspace's root. */
export const workspacePatterns = oncePerFolder((tree, folder): readonly string[] | undefined => {
  const pnpm = tree.text(joinPath(folder, "pnpm-workspace.yaml"));
  if (pnpm !== undefined) {
    const parsed = PnpmWorkspace.safeParse(tryYaml(pnpm));
    if (parsed.success) return parsed.data.packages;
  }
  return packageJson(tree, folder)?.workspaces;
});

function tryYaml(text: string): unknown {
  try {
    return parseYaml(text, { logLevel: "error" });
  } catch {
    return undefined;
  }
}

/** The workspace that a folder is a member (or the root) of; a folder below a root that does not list it stands on its own. */
export function findWorkspace(tree: SourceTree, dir: string): Workspace | undefined {
  for (let folder = dir; ; folder = joinPath(folder, "..")) {
    const patterns = workspacePatterns(tree, folder);
    if (
      patterns !== undefined &&
      (folder === dir || isMember(patterns, folder === "" ? dir : dir.slice(folder.length + 1)))
    )
      return { root: folder, patterns };
    if (folder === "") return undefined;
  }
}

function isMember(patterns: readonly string[], path: string): boolean {
  const { wanted, unwanted } = matcherOf(patterns);
  return wanted.ignores(path) && !unwanted.ignores(path);
}

interface Matcher {
  readonly wanted: Ignore;
  readonly unwanted: Ignore;
}

const matchers = new WeakMap<readonly string[], Matcher>();

function matcherOf(patterns: readonly string[]): Matcher {
  const known = matchers.get(patterns);
  if (known !== undefined) return known;
  const clean = patterns.map((pattern) => pattern.replace(/^(!?)\.?\//, "$1"));
  const matcher = {
    wanted: ignore().add(
      clean.filter((pattern) => !pattern.startsWith("!")).map((pattern) => `/${pattern.replace(/\/$/, "")}`),
    ),
    unwanted: ignore().add(clean.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1))),
  };
  matchers.set(patterns, matcher);
  return matcher;
}

/** Folders of a workspace's members, sorted. */
export function workspaceMembers(tree: SourceTree, workspace: Workspace): readonly string[] {
  return membersBelow(tree, workspace.root);
}

const membersBelow = oncePerFolder((tree, root): readonly string[] => {
  const patterns = workspacePatterns(tree, root) ?? [];
  return tree
    .find(root, /(^|\/)package\.json$/, { depth: 4, limit: 500 })
    .map((file) => joinPath(file, ".."))
    .filter((folder) => folder !== root && isMember(patterns, root === "" ? folder : folder.slice(root.length + 1)))
    .toSorted();
});

/** Members that a member needs, those they need first. */
export function neededMembers(tree: SourceTree, workspace: Workspace, dir: string): string[] {
  const byName = new Map(
    workspaceMembers(tree, workspace).flatMap((folder) => {
      const name = packageJson(tree, folder)?.name;
      return name === undefined ? [] : [[name, folder] as const];
    }),
  );
  const ordered: string[] = [];
  const seen = new Set<string>();
  const visit = (folder: string): void => {
    if (seen.has(folder)) return;
    seen.add(folder);
    const json = packageJson(tree, folder);
    for (const name of Object.keys({ ...json?.dependencies, ...json?.devDependencies }).toSorted()) {
      const needed = byName.get(name);
      if (needed !== undefined) visit(needed);
    }
    if (folder !== dir) ordered.push(folder);
  };
  visit(dir);
  return ordered;
}
