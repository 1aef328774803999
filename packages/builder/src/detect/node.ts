import type { Failure } from "@cloudsmith/contracts";
import { frameworks, type Framework } from "../frameworks.ts";
import { because, newDraft, warn } from "../plan/draft.ts";
import { dependencyNames, findFramework } from "../plan/framework.ts";
import type { NodeApp } from "../plan/node-app.ts";
import { planNodeBuild } from "../plan/node-build.ts";
import { planNodeServe } from "../plan/node-serve.ts";
import { staleVersion } from "../plan/locked-engines.ts";
import { atHand, chooseNode, toRange, type VersionChoice } from "../plan/node-version.ts";
import { nxApps } from "../plan/nx.ts";
import { carriedYarn, choosePackageManager, installCommand } from "../plan/package-manager.ts";
import { applyProcfile } from "../plan/procfile.ts";
import { packageJson, type PackageJson } from "../plan/source-tree.ts";
import { findWorkspace } from "../plan/workspace.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";
import { noWebApp } from "./no-web-app.ts";

/** Apps with a package.json: a server, or a site that is built and then served as files. */
export function detectNode(context: DetectContext): Candidate | undefined {
  const json = packageJson(context.tree, context.dir);
  if (json === undefined) return undefined;
  const { settings } = context;
  const chosen = settings.get("start") ?? settings.get("output") ?? settings.get("framework");
  const failure = chosen === undefined ? noWebApp(json) : undefined;
  if (failure !== undefined) return { rank: rank.entry, failure, final: true };
  const apps = chosen === undefined ? nxApps(context.tree, context.dir) : [];
  if (apps.length > 1) return { rank: rank.entry, failure: severalApps(apps), final: true };
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

function severalApps(apps: readonly string[]): Failure {
  const first = apps[0] ?? "";
  return {
    code: "no-app-found",
    message: `There are several apps in the Nx workspace: ${apps.slice(0, 10).join(", ")}`,
    fix: `Choose one with --dir, for example --dir ${first}, or say in cloudsmith.json how it is built (nx build ${first.split("/").at(-1) ?? ""}) and what is served`,
  };
}

function chooseFramework(context: DetectContext, json: PackageJson): Framework | undefined {
  const chosen = context.settings.get("framework");
  if (chosen === undefined) return findFramework(context.tree, context.dir, json);
  return frameworks.find((row) => row.name === chosen.value);
}

function planToolchains(app: NodeApp): void {
  const { context, draft, manager } = app;
  const asked = context.settings.get("toolchains")?.value["node"];
  const node = asked === undefined ? chosenNode(app) : atHand(toRange(asked) ?? asked, "it was asked for");
  draft.plan.toolchains["node"] = node.version;
  because(draft, "toolchains.node", node.because);
  if (manager.name !== "npm" || manager.version !== null) {
    const range = manager.version ?? "*";
    draft.plan.toolchains[manager.name] = range;
    because(draft, `toolchains.${manager.name}`, manager.because);
  }
}

function chosenNode({ context: { tree, dir }, draft, framework }: NodeApp): VersionChoice {
  const stated = chooseNode(tree, dir);
  const stale = staleVersion(tree, dir, framework, stated);
  if (stale === undefined) return stated;
  warn(draft, "node-version-stale", stale.message, stale.fix);
  return stale.choice;
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
