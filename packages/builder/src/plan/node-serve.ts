import { rank } from "../detect/detector.ts";
import { frameworks, type Variant } from "../frameworks.ts";
import { angularVariant } from "./angular.ts";
import { because, toCommand, warn } from "./draft.ts";
import { dependencyNames, findVariant, variantOutput } from "./framework.ts";
import type { NodeApp } from "./node-app.ts";
import { findEntry, fixedPort, needsDevDependencies } from "./node-entry.ts";
import { startByCommand, startScripts, type StartScript } from "./node-scripts.ts";
import { nxVariant } from "./nx.ts";
import { builtSite } from "./built-site.ts";
import { readProcfile } from "./procfile.ts";
import { joinPath, type PackageJson } from "./source-tree.ts";

export interface Served {
  readonly rank: number;
  /** A build that has to happen for this way to serve: a command, `default` for the framework's or the script. */
  readonly build: string | undefined;
}

/**
 * How the app is served, surest first: a real production start of its own, then the framework's way, then a file that looks like a server.
 * A start script beside a static builder counts only where it starts a server that the app itself holds.
 */
export function planNodeServe(app: NodeApp): Served | undefined {
  const { draft, framework, json } = app;
  const { tree, dir } = app.context;
  if (framework !== undefined) {
    draft.plan.framework = framework.name;
    const found = framework.packages.find((name) => dependencyNames(json).has(name));
    because(draft, "framework", `package.json has ${found ?? framework.name}`);
  }
  const web = readProcfile(tree, dir).get("web");
  const named = web === undefined ? undefined : startByCommand(json, web);
  if (named !== undefined && !isStaticServer(named.command))
    return serveByScript(app, named, "web of the Procfile", "platform-file");
  const start = startScripts(json)[0];
  const variant = wayToServe(app);
  if (start !== undefined && trustsStart(app, start, variant)) return serveByScript(app, start);
  if (variant?.static !== undefined) return serveStatic(app, variant);
  if (variant?.server !== undefined) return serveByFramework(app, variant);
  if (start !== undefined && !isStaticServer(start.command)) return serveByScript(app, start);
  return serveByEntry(app) ?? serveBuilt(app);
}

/** What the framework, or the tool that builds, says of serving. */
function wayToServe({ context: { tree, dir }, framework, json }: NodeApp): Variant | undefined {
  const byTool = nxVariant(tree, dir);
  if (framework === undefined) return byTool ?? (startsByTool(json) ? builtSite(tree, dir, json) : undefined);
  if (framework.library === true && byTool !== undefined) return byTool;
  return angularVariant(tree, dir, framework) ?? findVariant(tree, dir, json, framework);
}

/** A start in a folder of tools (`node scripts/start.js`) is how the authors work on a site, and no server of it. */
function startsByTool(json: PackageJson): boolean {
  const start = startScripts(json)[0];
  return start !== undefined && toolFile.test(start.command);
}

const toolFile = /(^|[\s/])(scripts?|tools?|build|gulp)\/\S+\.[cm]?[jt]s/;

function serveBuilt(app: NodeApp): Served | undefined {
  const variant = builtSite(app.context.tree, app.context.dir, app.json);
  return variant === undefined ? undefined : serveStatic(app, variant);
}

const staticServers =
  /^(?:npx\s+(?:--?y(?:es)?\s+)?)?(serve|http-server|sirv|superstatic|vite preview|local-web-server|ws|servor|spa-http-server|pushstate-server)\b/;

function isStaticServer(command: string): boolean {
  return staticServers.test(command.replace(/^(\w+=\S*\s+)+/, ""));
}

/** A server that the app holds itself (`node server.js`) beats what the framework would do; the framework's own command in a script is as good as ours. */
function trustsStart(app: NodeApp, start: StartScript, variant: Variant | undefined): boolean {
  if (isStaticServer(start.command)) return false;
  if (app.framework === undefined || app.framework.library === true) return variant?.static === undefined;
  if (variant?.static === undefined)
    return variant?.server === undefined || !/^astro preview|^vite preview/.test(start.command);
  const file = /(?:^|\s)(?:node|tsx|ts-node|bun)\s+(?:--?\S+\s+)*(\S+)/.exec(start.command)?.[1];
  return file !== undefined && file !== "run" && !toolFile.test(start.command) && hasServerLibrary(app);
}

function hasServerLibrary(app: NodeApp): boolean {
  const names = dependencyNames(app.json);
  return (
    frameworks.some((row) => row.library === true && row.packages.some((name) => names.has(name))) ||
    findEntry(app.context.tree, app.context.dir, app.json) !== undefined
  );
}

function serveByScript(app: NodeApp, start: StartScript, source?: string, origin?: "platform-file"): Served {
  const { draft } = app;
  draft.plan.serve = { type: "process", start: toCommand(start.command) };
  const reason = source ?? `script "${start.script}" of package.json${start.watched ? ", without its watcher" : ""}`;
  because(draft, "serve", reason, origin ?? "detected");
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
  const written = /(?:--port|-p|PORT)[= ](\d{2,5})\b/.exec(command)?.[1];
  const port = written === undefined ? fixedPort(app.context.tree, app.context.dir, command) : Number(written);
  if (port === undefined || port > 65535) return;
  app.draft.plan.port = port;
  because(app.draft, "port", `the app names port ${port} and does not read PORT`);
}
