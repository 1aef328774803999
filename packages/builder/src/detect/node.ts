import { frameworks, type Framework } from "../frameworks.ts";
import { because, newDraft, warn } from "../plan/draft.ts";
import { dependencyNames, findFramework } from "../plan/framework.ts";
import type { NodeApp } from "../plan/node-app.ts";
import { planNodeBuild } from "../plan/node-build.ts";
import { planNodeServe } from "../plan/node-serve.ts";
import { atHand, chooseNode, toRange } from "../plan/node-version.ts";
import { carriedYarn, choosePackageManager, installCommand } from "../plan/package-manager.ts";
import { applyProcfile } from "../plan/procfile.ts";
import { packageJson, type PackageJson } from "../plan/source-tree.ts";
import { findWorkspace } from "../plan/workspace.ts";
import type { Candidate, DetectContext } from "./detector.ts";

/** Apps with a package.json: a server, or a site that is built and then served as files. */
export function detectNode(context: DetectContext): Candidate | undefined {
  const json = packageJson(context.tree, context.dir);
  if (json === undefined) return undefined;
  const workspace = findWorkspace(context.tree, context.dir);
  const installDir = workspace?.root ?? context.dir;
  const manager = choosePackageManager(context.tree, installDir, context.settings.get("packageManager")?.value);
  const app: NodeApp = {
    context,
    json,
    manager,
    yarnPath: manager.name === "yarn" ? carriedYarn(context.tree, installDir) : undefined,
    workspace,
    framework: chooseFramework(context, json),
    draft: newDraft("node", context.dir),
  };
  const found = planNodeServe(app);
  if (found === undefined) return undefined;
  planToolchains(app);
  planInstall(app, installDir);
  planNodeBuild(app, found.build);
  applyProcfile(app.draft, context.tree, { trustWeb: false });
  app.draft.plan.caches.push(
    ...(app.framework?.caches ?? []),
    ...(context.tree.isFile("turbo.json") ? [".turbo"] : []),
  );
  return { rank: found.rank, draft: app.draft };
}

function chooseFramework(context: DetectContext, json: PackageJson): Framework | undefined {
  const chosen = context.settings.get("framework");
  if (chosen === undefined) return findFramework(context.tree, context.dir, json);
  return frameworks.find((row) => row.name === chosen.value);
}

function planToolchains(app: NodeApp): void {
  const { context, draft, manager } = app;
  const asked = context.settings.get("toolchains")?.value["node"];
  const node =
    asked === undefined ? chooseNode(context.tree, context.dir) : atHand(toRange(asked) ?? asked, "it was asked for");
  draft.plan.toolchains["node"] = node.version;
  because(draft, "toolchains.node", node.because);
  if (manager.name !== "npm" || manager.version !== null) {
    const range = manager.version ?? "*";
    draft.plan.toolchains[manager.name] = range;
    because(draft, `toolchains.${manager.name}`, manager.because);
  }
}

function planInstall(app: NodeApp, installDir: string): void {
  const { draft, manager, yarnPath, json } = app;
  draft.plan.installDir = installDir;
  draft.plan.packageManager = { name: manager.name, version: manager.version, lockfile: manager.lockfile };
  because(draft, "packageManager", manager.because);
  for (const warning of manager.warnings) warn(draft, warning.code, warning.message, warning.fix);
  if (app.workspace === undefined && dependencyNames(json).size === 0 && manager.lockfile === null) {
    because(draft, "commands.install", "package.json asks for no packages");
    return;
  }
  draft.plan.commands.install = installCommand(manager, yarnPath);
  because(draft, "commands.install", manager.because);
  // Hoisting into node_modules is what all frameworks are tested with, and what can be packed.
  if (manager.name === "yarn") draft.plan.env.build["YARN_NODE_LINKER"] = "node-modules";
}
