import { satisfies, validRange } from "semver";
import type { Command } from "@cloudsmith/contracts";
import { because, commandText, toCommand, warn } from "./draft.ts";
import { dependencyNames, firstMatch } from "./framework.ts";
import type { NodeApp } from "./node-app.ts";
import { buildScript, isNoBuild } from "./node-scripts.ts";
import { runScript } from "./package-manager.ts";
import { joinPath, packageJson } from "./source-tree.ts";
import { neededMembers, type Workspace } from "./workspace.ts";

/** The build of an app of Node: its own script or the framework's command, after the workspace's packages that it needs. */
export function planNodeBuild(app: NodeApp, before: string | undefined): void {
  const { draft } = app;
  const own = ownBuild(app);
  const build =
    before === undefined ? own : own === undefined ? toCommand(before) : { script: `${commandText(own)} && ${before}` };
  const needed = [...(app.workspace === undefined ? [] : buildOfNeeded(app, app.workspace)), ...generators(app)];
  if (needed.length > 0) {
    draft.plan.commands.build = {
      script: [...needed, ...(build === undefined ? [] : [commandText(build)])].join(" && "),
    };
    because(
      draft,
      "commands.build",
      "what the app needs is generated and built first: clients, packages of its workspace",
    );
  } else if (build !== undefined) draft.plan.commands.build = build;
  if (draft.plan.commands.build !== null) legacyOpenssl(app);
}

/** Tools that write code which the app imports, and the files that say it uses them. */
const generatorTable: readonly {
  readonly needs: readonly string[];
  readonly files: readonly string[];
  readonly command: string;
}[] = [
  {
    needs: ["prisma", "@prisma/client"],
    files: ["prisma/schema.prisma", "schema.prisma", "prisma.config.ts", "src/prisma/schema.prisma"],
    command: "prisma generate",
  },
];

/** Generators that no script of the app runs, although the code cannot be built or started without what they write. */
function generators({ context: { tree, dir }, json }: NodeApp): string[] {
  const names = dependencyNames(json);
  const scripts = Object.values(json.scripts).join("\n");
  return generatorTable.flatMap((row) => {
    const uses =
      row.needs.every((name) => names.has(name)) && row.files.some((file) => tree.isFile(joinPath(dir, file)));
    return uses && !scripts.includes(row.command) ? [row.command] : [];
  });
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
    return atRoot(app, runScript(manager, name, yarnPath), script ?? "");
  }
  if (framework?.build === undefined || framework.build === null) return undefined;
  if (draft.plan.serve.type === "process" && startIsOwnFile(draft.plan.serve.start) && framework.name === "vite")
    return undefined;
  because(draft, "commands.build", `no build script: ${framework.label} is built with ${framework.build}`);
  return toCommand(framework.build);
}

/** Here every app has a host of its own: pages that were made for a path below one are built for the root. */
function atRoot(app: NodeApp, build: Command, script: string): Command {
  const { draft, framework, json, manager, context } = app;
  const base = framework?.rootBase;
  if (base === undefined || draft.plan.serve.type !== "static") return build;
  if (base.homepageVariable !== undefined && /^(https?:\/\/[^/]+)?\/[^/]/.test(json.homepage ?? "")) {
    draft.plan.env.build[base.homepageVariable] = "/";
    because(
      draft,
      `env.build.${base.homepageVariable}`,
      `homepage ${json.homepage ?? ""} is a path below a host; here the app has a host of its own`,
    );
  }
  if (base.config === undefined || base.option === undefined || !("argv" in build)) return build;
  if (firstMatch(context.tree, context.dir, base.config.files, base.config.pattern) === undefined) return build;
  if (!/\b(vite|astro) build( --\S+)*$/.test(script)) {
    warn(
      draft,
      "base-path",
      "The pages are built for a path below a host and may not find their files",
      'Build them for the root: base: "/"',
    );
    return build;
  }
  because(draft, "commands.build", "the configuration names a base below a host; here the app has a host of its own");
  return { argv: [...build.argv, ...(manager.name === "npm" ? ["--"] : []), base.option] };
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
