import { satisfies, validRange } from "semver";
import type { Command } from "@cloudsmith/contracts";
import { frameworks, type Framework, type Variant } from "../frameworks.ts";
import { angularVariant } from "../plan/angular.ts";
import { because, commandText, newDraft, toCommand, warn, type Draft } from "../plan/draft.ts";
import { dependencyNames, findFramework, findVariant, variantOutput } from "../plan/framework.ts";
import { findEntry, needsDevDependencies } from "../plan/node-entry.ts";
import { buildScript, isNoBuild, startScripts, type StartScript } from "../plan/node-scripts.ts";
import { chooseNode, atHand, toRange } from "../plan/node-version.ts";
import {
  carriedYarn,
  choosePackageManager,
  installCommand,
  runScript,
  type PackageManagerChoice,
} from "../plan/package-manager.ts";
import { joinPath, packageJson, type PackageJson } from "../plan/source-tree.ts";
import { findWorkspace, neededMembers, type Workspace } from "../plan/workspace.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

interface NodeApp {
  readonly context: DetectContext;
  readonly json: PackageJson;
  readonly manager: PackageManagerChoice;
  readonly yarnPath: string | undefined;
  readonly workspace: Workspace | undefined;
  readonly framework: Framework | undefined;
  readonly draft: Draft;
}

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
  const found = planServe(app);
  if (found === undefined) return undefined;
  planToolchains(app);
  planInstall(app, installDir);
  planBuild(app, found.build);
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

interface Served {
  readonly rank: number;
  /** A build that has to happen for this way to serve: a command, `default` for the framework's or the script. */
  readonly build: string | undefined;
}

/**
 * How the app is served, surest first: a real production start of its own, then the framework's way, then a file that looks like a server.
 * A start script beside a static builder counts only where it starts a server that the app itself holds.
 */
function planServe(app: NodeApp): Served | undefined {
  const { draft, framework, json } = app;
  const start = startScripts(json)[0];
  const variant =
    framework === undefined
      ? undefined
      : (angularVariant(app.context.tree, app.context.dir, framework) ??
        findVariant(app.context.tree, app.context.dir, json, framework));
  if (framework !== undefined) {
    draft.plan.framework = framework.name;
    const found = framework.packages.find((name) => dependencyNames(json).has(name));
    because(draft, "framework", `package.json has ${found ?? framework.name}`);
  }
  if (start !== undefined && trustsStart(app, start, variant)) return serveByScript(app, start);
  if (variant?.static !== undefined) return serveStatic(app, variant);
  if (variant?.server !== undefined) return serveByFramework(app, variant);
  if (start !== undefined && !isStaticServer(start.command)) return serveByScript(app, start);
  return serveByEntry(app);
}

const staticServers =
  /^(?:npx\s+(?:--?y(?:es)?\s+)?)?(serve|http-server|sirv|superstatic|vite preview|local-web-server|ws|servor|spa-http-server|pushstate-server)\b/;

function isStaticServer(command: string): boolean {
  return staticServers.test(command.replace(/^(\w+=\S*\s+)+/, ""));
}

/** A server that the app holds itself (`node server.js`) beats what the framework would do; the framework's own command in a script is as good as ours. */
function trustsStart(app: NodeApp, start: StartScript, variant: Variant | undefined): boolean {
  if (isStaticServer(start.command)) return false;
  if (app.framework === undefined || app.framework.library === true) return true;
  if (variant?.static === undefined)
    return variant?.server === undefined || !/^astro preview|^vite preview/.test(start.command);
  const file = /(?:^|\s)(?:node|tsx|ts-node|bun)\s+(?:--?\S+\s+)*(\S+)/.exec(start.command)?.[1];
  return file !== undefined && file !== "run" && !/(^|\/)(scripts?|tools?|build)\//.test(file) && hasServerLibrary(app);
}

function hasServerLibrary(app: NodeApp): boolean {
  const names = dependencyNames(app.json);
  return (
    frameworks.some((row) => row.library === true && row.packages.some((name) => names.has(name))) ||
    findEntry(app.context.tree, app.context.dir, app.json) !== undefined
  );
}

function serveByScript(app: NodeApp, start: StartScript): Served {
  const { draft } = app;
  draft.plan.serve = { type: "process", start: toCommand(start.command) };
  because(draft, "serve", `script "${start.script}" of package.json${start.watched ? ", without its watcher" : ""}`);
  noteEntry(app, start.command);
  return { rank: rank.server, build: start.buildPart };
}

function serveByFramework(app: NodeApp, variant: Variant): Served {
  const { draft } = app;
  draft.plan.serve = { type: "process", start: toCommand(variant.server ?? "") };
  because(draft, "serve", variant.because);
  applyVariant(app, variant);
  noteEntry(app, variant.server ?? "");
  return { rank: rank.server, build: undefined };
}

function serveStatic(app: NodeApp, variant: Variant): Served {
  const { draft, context } = app;
  const files = variant.static;
  if (files === undefined) return { rank: rank.weak, build: undefined };
  const output = outputByScript(app) ?? variantOutput(context.tree, context.dir, variant);
  draft.plan.serve = { type: "static", dir: ".", spa: files.spa, immutable: [...files.immutable] };
  draft.plan.output = output;
  because(draft, "serve", variant.because);
  because(draft, "output", `${app.framework?.label ?? "the build"} writes to ${output}`);
  applyVariant(app, variant);
  return { rank: rank.built, build: undefined };
}

/** `--outDir x`, `--dist-dir x`, `-o x`, `BUILD_PATH=x` in the build script. */
function outputByScript(app: NodeApp): string | undefined {
  const script = app.json.scripts["build"] ?? "";
  const named = /(?:--outDir|--out-dir|--dist-dir|--dest|--output-path|BUILD_PATH|--output)[= ]["']?([\w./-]+)/.exec(
    script,
  )?.[1];
  const clean = named === undefined ? undefined : joinPath(named);
  return clean === undefined || clean.startsWith("..") || clean.startsWith("/") ? undefined : clean.replace(/\/$/, "");
}

function applyVariant(app: NodeApp, variant: Variant): void {
  Object.assign(app.draft.plan.env.build, variant.buildEnv);
  if (variant.warning !== undefined)
    warn(app.draft, variant.warning.code, variant.warning.message, variant.warning.fix);
}

function serveByEntry(app: NodeApp): Served | undefined {
  const { context, draft, json } = app;
  const entry = findEntry(context.tree, context.dir, json);
  if (entry === undefined) return undefined;
  draft.plan.serve = { type: "process", start: toCommand(entry.command) };
  because(draft, "serve", entry.because);
  warn(
    draft,
    "start-missing",
    `package.json has no production start script; ${entry.command} is run`,
    `Add "start": "${entry.command}" to the scripts of package.json`,
  );
  noteEntry(app, entry.command);
  return { rank: rank.entry, build: undefined };
}

/** What the start needs beyond production dependencies, and a port written into it. */
function noteEntry(app: NodeApp, command: string): void {
  const reason = needsDevDependencies(app.context.tree, app.context.dir, app.json, command);
  if (reason !== undefined) {
    app.draft.plan.devDependencies = "keep";
    because(app.draft, "devDependencies", reason);
  }
  const port = /(?:--port|-p|PORT)[= ](\d{2,5})\b/.exec(command)?.[1];
  if (port !== undefined && Number(port) <= 65535) app.draft.plan.port = Number(port);
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

function planBuild(app: NodeApp, before: string | undefined): void {
  const { draft } = app;
  const own = ownBuild(app);
  const build =
    before === undefined ? own : own === undefined ? toCommand(before) : { script: `${commandText(own)} && ${before}` };
  const needed = app.workspace === undefined ? [] : buildOfNeeded(app, app.workspace);
  if (needed.length > 0) {
    draft.plan.commands.build = {
      script: [...needed, ...(build === undefined ? [] : [commandText(build)])].join(" && "),
    };
    because(draft, "commands.build", "packages of the workspace that the app needs are built first");
  } else if (build !== undefined) draft.plan.commands.build = build;
  if (draft.plan.commands.build !== null) legacyOpenssl(app);
}

function ownBuild(app: NodeApp): Command | undefined {
  const { draft, json, framework, manager, yarnPath } = app;
  const name = buildScript(json, framework?.build);
  const script = name === undefined ? undefined : json.scripts[name];
  if (name !== undefined && script !== undefined && isNoBuild(script)) {
    because(draft, "commands.build", `the build script builds nothing: ${script}`);
    warn(draft, "build-is-no-build", `The script "${name}" builds nothing (${script}); it is not run`);
    return undefined;
  }
  if (name !== undefined) {
    because(draft, "commands.build", `script "${name}" of package.json`);
    return runScript(manager, name, yarnPath);
  }
  if (framework?.build === undefined || framework.build === null) return undefined;
  if (draft.plan.serve.type === "process" && startIsOwnFile(draft.plan.serve.start) && framework.name === "vite")
    return undefined;
  because(draft, "commands.build", `no build script: ${framework.label} is built with ${framework.build}`);
  return toCommand(framework.build);
}

function startIsOwnFile(start: Command): boolean {
  return /^(node|tsx|ts-node|bun)\s/.test(commandText(start));
}

/** Commands that build the members the app needs; Turborepo knows its own order. */
function buildOfNeeded(app: NodeApp, workspace: Workspace): string[] {
  const { tree, dir } = app.context;
  const up =
    dir === workspace.root
      ? "."
      : (workspace.root === "" ? dir : dir.slice(workspace.root.length + 1))
          .split("/")
          .map(() => "..")
          .join("/");
  return neededMembers(tree, workspace, dir).flatMap((folder) => {
    const script = packageJson(tree, folder)?.scripts["build"];
    if (script === undefined || isNoBuild(script)) return [];
    const below = workspace.root === "" ? folder : folder.slice(workspace.root.length + 1);
    return [
      `(cd "${up}/${below}" && ${commandText(runScript(app.manager, "build", app.yarnPath === undefined ? undefined : "$OLDPWD/" + app.yarnPath))})`,
    ];
  });
}

/** webpack 4 hashes with MD4, which OpenSSL 3 (Node 17 and newer) refuses unless it is told otherwise. */
function legacyOpenssl(app: NodeApp): void {
  const { json, draft } = app;
  const all = { ...json.devDependencies, ...json.dependencies };
  const old = [
    ["react-scripts", "<5.0.0"],
    ["@vue/cli-service", "<5.0.0"],
    ["webpack", "<5.0.0"],
    ["nuxt", "<3.0.0"],
    ["@angular-devkit/build-angular", "<12.0.0"],
    ["gatsby", "<3.0.0"],
    ["next", "<11.0.0"],
  ].find(([name = "", range = ""]) => all[name] !== undefined && lowestOf(all[name], range));
  const node = draft.plan.toolchains["node"] ?? "";
  if (old === undefined || !/^\d+\.\d+\.\d+$/.test(node) || satisfies(node, "<17")) return;
  draft.plan.env.build["NODE_OPTIONS"] = "--openssl-legacy-provider";
  because(
    draft,
    "env.build.NODE_OPTIONS",
    `${old[0] ?? ""} ${all[old[0] ?? ""] ?? ""} needs hashes that newer OpenSSL refuses`,
  );
}

function lowestOf(range: string, below: string): boolean {
  const first = /\d+(\.\d+){0,2}/.exec(range)?.[0];
  if (first === undefined || validRange(range) === null) return false;
  const [major = "0", minor = "0", patch = "0"] = first.split(".");
  return satisfies(`${major}.${minor}.${patch}`, below);
}
