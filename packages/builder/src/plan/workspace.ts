import { parse as parseYaml } from "yaml";
import * as z from "zod";
import ignore from "ignore";
import { joinPath, packageJson, type SourceTree } from "./source-tree.ts";

export interface Workspace {
  /** The workspace's root folder. */
  readonly root: string;
  readonly patterns: readonly string[];
}

const PnpmWorkspace = z.looseObject({ packages: z.array(z.string()) });

/** The patterns of members that a folder declares, if it is a workspace's root. */
export function workspacePatterns(tree: SourceTree, folder: string): readonly string[] | undefined {
  const pnpm = tree.text(joinPath(folder, "pnpm-workspace.yaml"));
  if (pnpm !== undefined) {
    const parsed = PnpmWorkspace.safeParse(tryYaml(pnpm));
    if (parsed.success) return parsed.data.packages;
  }
  return packageJson(tree, folder)?.workspaces;
}

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
  const clean = patterns.map((pattern) => pattern.replace(/^(!?)\.?\//, "$1"));
  const wanted = ignore().add(
    clean.filter((pattern) => !pattern.startsWith("!")).map((pattern) => `/${pattern.replace(/\/$/, "")}`),
  );
  const unwanted = ignore().add(clean.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1)));
  return wanted.ignores(path) && !unwanted.ignores(path);
}

/** Folders of a workspace's members, sorted. */
export function workspaceMembers(tree: SourceTree, workspace: Workspace): string[] {
  return tree
    .find(workspace.root, /(^|\/)package\.json$/, { depth: 4, limit: 500 })
    .map((file) => joinPath(file, ".."))
    .filter(
      (folder) =>
        folder !== workspace.root &&
        isMember(workspace.patterns, workspace.root === "" ? folder : folder.slice(workspace.root.length + 1)),
    )
    .toSorted();
}

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
