import type { Variant } from "../frameworks.ts";
import { valueAt } from "./framework.ts";
import { joinPath, packageJson, type SourceTree } from "./source-tree.ts";

const serverExecutors = /:(esbuild|tsc|swc|node|webpack|rollup)$/;

/** How an app that Nx builds is served, by its project.json: what the build writes is started or, for a web bundle, served. */
export function nxVariant(tree: SourceTree, dir: string): Variant | undefined {
  const project = tree.json(joinPath(dir, "project.json"));
  const executor = valueAt(project, "targets.build.executor");
  const output = valueAt(project, "targets.build.options.outputPath");
  const main = valueAt(project, "targets.build.options.main");
  if (typeof executor !== "string" || typeof output !== "string") return undefined;
  const isWeb = valueAt(project, "targets.build.options.index") !== undefined;
  // Nx names outputs from the workspace's root; without a workspace above, that is the app's folder.
  const folder = joinPath(output.replace("{workspaceRoot}/", "").replace("{projectRoot}", "."));
  if (!isWeb && serverExecutors.test(executor) && typeof main === "string") {
    const file =
      main
        .split("/")
        .at(-1)
        ?.replace(/\.[cm]?ts$/, ".js") ?? "main.js";
    return { because: `project.json builds ${folder} with ${executor}`, server: `node ${joinPath(folder, file)}` };
  }
  return {
    because: `project.json builds ${folder} with ${executor}`,
    static: { output: folder, spa: true, immutable: [] },
  };
}

/** Folders of the apps of an Nx workspace whose root only hands on to them; empty for a root that is an app itself. */
export function nxApps(tree: SourceTree, root: string): string[] {
  const build = packageJson(tree, root)?.scripts["build"];
  if (!tree.isFile(joinPath(root, "nx.json")) || tree.isFile(joinPath(root, "project.json"))) return [];
  if (build !== undefined && !/\bnx\b/.test(build)) return [];
  return tree
    .find(root, /(^|\/)project\.json$/, { depth: 4, limit: 200 })
    .filter((path) => valueAt(tree.json(path), "projectType") === "application" && !path.endsWith("-e2e/project.json"))
    .map((path) => joinPath(path, ".."))
    .toSorted();
}
