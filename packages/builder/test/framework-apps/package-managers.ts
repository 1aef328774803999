import { packageJson, type FrameworkApp } from "./framework-app.ts";

const server = (answer: string): string =>
  `const ms = require("ms");\nrequire("node:http").createServer((_, response) => response.end(\`${answer} \${ms("2 days")}\`)).listen(process.env.PORT);\n`;
const needs = { ms: "2.1.3" };
const integrity = "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==";
const app = { kind: "node", framework: null, served: "process" } as const;
const plain = (name: string, rest: Readonly<Record<string, unknown>>): object =>
  packageJson({ start: "node server.js" }, needs, {}, { name, ...rest });

const all = { name: "all", private: true };
const workspaces = ["apps/*", "packages/*"];
const inWorkspace = { ...app, dir: "apps/web", answer: /hello from a workspace 172800000/ } as const;

/** A server of a workspace: its root's lockfile is used and the package that it needs is built first. */
function workspace(member: string): Record<string, string | object> {
  return {
    "apps/web/package.json": {
      name: "web",
      version: "1.0.0",
      private: true,
      scripts: { start: "node server.js" },
      dependencies: { greeting: member, ...needs },
    },
    "apps/web/server.js": server("${require('greeting')}"),
    "packages/greeting/package.json": {
      name: "greeting",
      version: "1.0.0",
      main: "dist/index.js",
      scripts: { build: "node build.js" },
    },
    "packages/greeting/build.js":
      'const fs = require("node:fs");\nfs.mkdirSync("dist", { recursive: true });\nfs.writeFileSync("dist/index.js", "module.exports = \'hello from a workspace\';");\n',
  };
}

/** One app for each package manager and each of their workspaces; lockfiles are named as far as a manager writes them without the registry's address. */
export const packageManagers: readonly FrameworkApp[] = [
  {
    ...app,
    name: "pnpm-lockfile",
    answer: /hello from pnpm 172800000/,
    files: {
      "package.json": plain("app", { packageManager: "pnpm@10.20.0" }),
      "server.js": server("hello from pnpm"),
      "pnpm-lock.yaml": `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .:
    dependencies:
      ms:
        specifier: 2.1.3
        version: 2.1.3

packages:

  ms@2.1.3:
    resolution: {integrity: ${integrity}}

snapshots:

  ms@2.1.3: {}
`,
    },
  },
  {
    ...app,
    name: "yarn-1",
    answer: /hello from yarn 172800000/,
    files: {
      "package.json": plain("app", { packageManager: "yarn@1.22.22" }),
      "server.js": server("hello from yarn"),
      "yarn.lock": `# yarn lockfile v1\n\n\nms@2.1.3:\n  version "2.1.3"\n  integrity ${integrity}\n`,
    },
  },
  {
    ...app,
    name: "yarn-berry",
    answer: /hello from berry 172800000/,
    files: {
      "package.json": plain("app", { packageManager: "yarn@4.10.3" }),
      "server.js": server("hello from berry"),
      ".yarnrc.yml": "nodeLinker: node-modules\n",
    },
  },
  {
    ...app,
    name: "bun",
    answer: /hello from bun 172800000/,
    files: {
      "package.json": plain("app", { packageManager: "bun@1.3.1" }),
      "server.js": server("hello from bun"),
    },
  },
  {
    ...app,
    name: "no-lockfile",
    answer: /hello from npm 172800000/,
    files: { "package.json": plain("app", {}), "server.js": server("hello from npm") },
  },
  {
    ...inWorkspace,
    name: "npm-workspace",
    files: { "package.json": { ...all, workspaces }, ...workspace("*") },
  },
  {
    ...inWorkspace,
    name: "pnpm-workspace",
    files: {
      "package.json": { ...all, packageManager: "pnpm@10.20.0" },
      "pnpm-workspace.yaml": "packages:\n  - apps/*\n  - packages/*\n",
      ...workspace("workspace:*"),
    },
  },
  {
    ...inWorkspace,
    name: "yarn-workspace",
    files: {
      "package.json": {
        ...all,
        packageManager: "yarn@1.22.22",
        workspaces,
      },
      ...workspace("1.0.0"),
    },
  },
  {
    ...inWorkspace,
    name: "turborepo",
    files: {
      "package.json": {
        ...all,
        packageManager: "npm@11.6.2",
        workspaces,
        devDependencies: { turbo: "2.6.0" },
      },
      "turbo.json": { tasks: { build: { dependsOn: ["^build"], outputs: ["dist/**"] } } },
      ...workspace("*"),
    },
  },
];
