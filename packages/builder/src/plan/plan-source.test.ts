import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildPlan, PlanSettings } from "@cloudsmith/contracts";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandText } from "./draft.ts";
import { planSource, type PlanOptions, type PlanResult } from "./plan-source.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "plan-source-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | object>>;

function lay(files: Files): string {
  const root = mkdtempSync(join(home, "tree-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

const plan = (files: Files, options: Partial<PlanOptions> = {}): Promise<PlanResult> =>
  planSource({ root: lay(files), dir: "", ...options });

async function planned(files: Files, options: Partial<PlanOptions> = {}): Promise<BuildPlan> {
  const result = await plan(files, options);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.plan;
}

async function refused(files: Files, options: Partial<PlanOptions> = {}): Promise<string> {
  const result = await plan(files, options);
  return result.ok ? `planned as ${result.plan.kind}` : result.failure.code;
}

/** How an app is served, in a line: `static dist spa` or its start command. */
function served({ serve, output }: BuildPlan): string {
  return serve.type === "process" ? commandText(serve.start) : `static ${output ?? ""}${serve.spa ? " spa" : ""}`;
}

const app = (dependencies: string[], scripts: Record<string, string> = {}, rest: object = {}): object => ({
  name: "app",
  scripts,
  dependencies: Object.fromEntries(dependencies.map((name) => [name, "1.0.0"])),
  ...rest,
});
const listener = "require('http').createServer().listen(process.env.PORT)";

describe("frameworks", () => {
  test.each<[string, Files, string, string | null]>([
    [
      "Next.js with its usual scripts",
      { "package.json": app(["next"], { dev: "next dev", build: "next build", start: "next start" }) },
      "next start",
      "npm run build",
    ],
    [
      "Next.js with a dev server as start",
      { "package.json": app(["next"], { start: "next dev", build: "next build" }) },
      "next start",
      "npm run build",
    ],
    ["Next.js without scripts", { "package.json": app(["next"]), "app/page.tsx": "" }, "next start", "next build"],
    [
      "Next.js with a static export",
      {
        "package.json": app(["next"], { build: "next build" }),
        "next.config.mjs": "export default { output: 'export' }",
      },
      "static out",
      "npm run build",
    ],
    [
      "Next.js whose export is commented out",
      {
        "package.json": app(["next"], { build: "next build" }),
        "next.config.mjs": "export default {\n// output: 'export'\n}",
      },
      "next start",
      "npm run build",
    ],
    [
      "Next.js with a server of its own",
      {
        "package.json": app(["next", "express"], { build: "next build", start: "NODE_ENV=production node server.js" }),
      },
      "NODE_ENV=production node server.js",
      "npm run build",
    ],
    [
      "Docusaurus 1, which writes below the project's name",
      {
        "package.json": app(["docusaurus"], { build: "docusaurus-build", start: "docusaurus-start" }),
        "siteConfig.js": "module.exports = { projectName: 'shop' };",
      },
      "static build/shop",
      "npm run build",
    ],
    [
      "a Vite app",
      {
        "package.json": app(["react"], { dev: "vite", build: "vite build" }, { devDependencies: { vite: "8" } }),
        "index.html": "",
      },
      "static dist spa",
      "npm run build",
    ],
    [
      "a Vite app with another output folder",
      {
        "package.json": app(["vite"], { build: "vite build" }),
        "vite.config.ts": "export default { build: { outDir: './public_html' } }",
      },
      "static public_html spa",
      "npm run build",
    ],
    [
      "a Vite app whose start is the dev server",
      { "package.json": app(["vite"], { start: "vite", build: "vite build" }) },
      "static dist spa",
      "npm run build",
    ],
    [
      "a Vite app whose start is the preview server",
      { "package.json": app(["vite"], { start: "vite preview", build: "vite build" }) },
      "static dist spa",
      "npm run build",
    ],
    [
      "an Express server that also has Vite",
      {
        "package.json": app(["express", "vite"], { build: "vite build", start: "node server.js" }),
        "server.js": listener,
      },
      "node server.js",
      "npm run build",
    ],
    [
      "Create React App",
      { "package.json": app(["react-scripts"], { start: "react-scripts start", build: "react-scripts build" }) },
      "static build spa",
      "npm run build",
    ],
    [
      "Vue CLI",
      {
        "package.json": app(
          ["vue"],
          { serve: "vue-cli-service serve", build: "vue-cli-service build" },
          { devDependencies: { "@vue/cli-service": "5" } },
        ),
      },
      "static dist spa",
      "npm run build",
    ],
    [
      "Astro",
      { "package.json": app(["astro"], { build: "astro build", start: "astro dev" }) },
      "static dist",
      "npm run build",
    ],
    [
      "Astro with its Node adapter",
      {
        "package.json": app(["astro", "@astrojs/node"], { build: "astro build" }),
        "astro.config.mjs": "import node from '@astrojs/node'",
      },
      "node dist/server/entry.mjs",
      "npm run build",
    ],
    [
      "Nuxt",
      { "package.json": app(["nuxt"], { build: "nuxt build" }) },
      "node .output/server/index.mjs",
      "npm run build",
    ],
    [
      "Nuxt that generates",
      { "package.json": app(["nuxt"], { build: "nuxt generate" }) },
      "static .output/public",
      "npm run build",
    ],
    [
      "SvelteKit for Node",
      {
        "package.json": app(["@sveltejs/kit", "vite"], { build: "vite build" }),
        "svelte.config.js": "import a from '@sveltejs/adapter-node'",
      },
      "node build",
      "npm run build",
    ],
    [
      "SvelteKit that finds its adapter itself",
      {
        "package.json": app(["@sveltejs/kit", "vite"], { build: "vite build" }),
        "svelte.config.js": "import a from '@sveltejs/adapter-auto'",
      },
      "node build",
      "npm run build",
    ],
    [
      "SvelteKit as files",
      {
        "package.json": app(["@sveltejs/kit", "vite"], { build: "vite build" }),
        "svelte.config.js": "import a from '@sveltejs/adapter-static'",
      },
      "static build spa",
      "npm run build",
    ],
    [
      "React Router",
      {
        "package.json": app(["@react-router/dev"], {
          build: "react-router build",
          start: "react-router-serve ./build/server/index.js",
        }),
      },
      "react-router-serve ./build/server/index.js",
      "npm run build",
    ],
    [
      "Angular",
      {
        "package.json": app(["@angular/core"], { build: "ng build", start: "ng serve" }),
        "angular.json": {
          projects: {
            shop: {
              projectType: "application",
              architect: { build: { builder: "@angular/build:application", options: {} } },
            },
          },
        },
      },
      "static dist/shop/browser spa",
      "npm run build",
    ],
    [
      "Angular with server rendering",
      {
        "package.json": app(["@angular/core"], { build: "ng build", start: "ng serve" }),
        "angular.json": {
          projects: {
            shop: {
              projectType: "application",
              architect: { build: { builder: "@angular/build:application", options: { ssr: { entry: "server.ts" } } } },
            },
          },
        },
      },
      "node dist/shop/server/server.mjs",
      "npm run build",
    ],
    [
      "Gatsby",
      { "package.json": app(["gatsby"], { build: "gatsby build", start: "gatsby develop" }) },
      "static public",
      "npm run build",
    ],
    [
      "Eleventy",
      {
        "package.json": app(["@11ty/eleventy"], { start: "eleventy --serve" }),
        ".eleventy.js": "module.exports = () => ({ dir: { output: 'site' } })",
      },
      "static site",
      "eleventy",
    ],
    [
      "Docusaurus",
      { "package.json": app(["@docusaurus/core"], { build: "docusaurus build", start: "docusaurus start" }) },
      "static build",
      "npm run build",
    ],
    [
      "VitePress in docs",
      {
        "package.json": app(["vitepress"], { "docs:build": "vitepress build docs" }),
        "docs/.vitepress/config.mts": "",
      },
      "static docs/.vitepress/dist",
      "npm run docs:build",
    ],
    [
      "Nest",
      {
        "package.json": app(["@nestjs/core"], {
          build: "nest build",
          start: "nest start",
          "start:prod": "node dist/main",
        }),
      },
      "node dist/main",
      "npm run build",
    ],
    [
      "Express by nodemon",
      { "package.json": app(["express"], { start: "nodemon server.js" }) },
      "node server.js",
      null,
    ],
    [
      "a watched TypeScript server",
      { "package.json": app(["hono", "tsx"], { start: "tsx watch src/index.ts" }) },
      "tsx src/index.ts",
      null,
    ],
    [
      "a start that builds first",
      { "package.json": app(["express"], { start: "tsc && node dist/index.js" }) },
      "node dist/index.js",
      "tsc",
    ],
    [
      "a prestart that builds",
      { "package.json": app(["express"], { prestart: "npm run build", build: "tsc", start: "node dist/index.js" }) },
      "node dist/index.js",
      "npm run build",
    ],
    ["no start and a server file", { "package.json": app(["express"]), "server.js": listener }, "node server.js", null],
    [
      "no start and a main that serves",
      { "package.json": app(["express"], {}, { main: "./lib/www.js" }), "lib/www.js": listener },
      "node lib/www.js",
      null,
    ],
    [
      "a build script that is a test",
      { "package.json": app(["express"], { build: "npm test", start: "node app.js" }) },
      "node app.js",
      null,
    ],
    [
      "a script that names another",
      { "package.json": app(["express"], { start: "npm run serve:it", "serve:it": "node app.js" }) },
      "node app.js",
      null,
    ],
  ])("%s", async (_name, files, start, build) => {
    const result = await planned(files);
    expect({
      served: served(result),
      build: result.commands.build === null ? null : commandText(result.commands.build),
    }).toEqual({ served: start, build });
    expect(result.reasons.map((reason) => reason.field)).toContain("serve");
  });
});

test("every choice has a reason, and the stronger layer wins: detected < cloudsmith.json < project < flags", async () => {
  const files = {
    "package.json": app(["next"]),
    "pages/index.js": "",
    "cloudsmith.json": { build: "make build", start: "make start", port: 4000, $schema: "x" },
  };
  const result = await planned(files, { project: { start: "node a.js", port: 4001 }, flags: { port: 4002 } });
  expect(served(result)).toBe("node a.js");
  expect(result.port).toBe(4002);
  const origins = Object.fromEntries(result.reasons.map((reason) => [reason.field, reason.origin]));
  expect(origins).toMatchObject({
    framework: "detected",
    "commands.build": "cloudsmith.json",
    serve: "project",
    port: "flag",
  });
});

test.each<[string, Files, string]>([
  ["engines", { "package.json": app(["express"], { start: "node a" }, { engines: { node: "18" } }) }, "18.x"],
  [".nvmrc", { "package.json": app(["express"], { start: "node a" }), ".nvmrc": "v20.11.1\n" }, "20.11.1"],
  [".nvmrc by code name", { "package.json": app(["express"], { start: "node a" }), ".nvmrc": "lts/iron" }, "20.x"],
  ["volta", { "package.json": app(["express"], { start: "node a" }, { volta: { node: "16.20.2" } }) }, "16.20.2"],
  [
    ".tool-versions",
    { "package.json": app(["express"], { start: "node a" }), ".tool-versions": "nodejs 18.19.0\n" },
    "18.19.0",
  ],
  [
    "an open range: the version at hand",
    { "package.json": app(["express"], { start: "node a" }, { engines: { node: ">=18" } }) },
    process.versions.node,
  ],
  ["nothing: the version at hand", { "package.json": app(["express"], { start: "node a" }) }, process.versions.node],
  [
    "what its dependencies allow",
    {
      "package.json": app(["old"], { start: "node a" }),
      "package-lock.json": { lockfileVersion: 3, packages: { "node_modules/old": { engines: { node: "<17" } } } },
    },
    "16.x",
  ],
])("the Node version comes from %s", async (_name, files, version) => {
  expect((await planned(files)).toolchains["node"]).toBe(version);
});

test.each<[string, Files, string, string | undefined]>([
  ["package-lock.json", { "package-lock.json": "{}" }, "npm ci --no-audit --no-fund", undefined],
  ["no lockfile", {}, "npm install --no-audit --no-fund", undefined],
  [
    "pnpm-lock.yaml of pnpm 8",
    { "pnpm-lock.yaml": "lockfileVersion: '6.0'\n" },
    "pnpm install --frozen-lockfile",
    "8.x",
  ],
  [
    "yarn.lock",
    { "yarn.lock": "# yarn lockfile v1\n" },
    "yarn install --non-interactive --ignore-engines --frozen-lockfile",
    "1.x",
  ],
  ["yarn.lock of berry", { "yarn.lock": "__metadata:\n  version: 8\n" }, "yarn install --immutable", "4.x"],
  [
    "yarn.lock with its own release",
    {
      "yarn.lock": "__metadata:\n  version: 8\n",
      ".yarnrc.yml": "yarnPath: .yarn/releases/yarn.cjs",
      ".yarn/releases/yarn.cjs": "",
    },
    "node .yarn/releases/yarn.cjs install --immutable",
    "4.x",
  ],
  ["bun.lock", { "bun.lock": "{}" }, "bun install --frozen-lockfile", "*"],
])("%s decides the install", async (_name, files, install, version) => {
  const result = await planned({ "package.json": app(["express"], { start: "node a" }), ...files });
  expect(result.commands.install === null ? "" : commandText(result.commands.install)).toBe(install);
  expect(result.toolchains[result.packageManager?.name ?? ""]).toBe(version);
});

test("a program in a module of its own below a Go module is another app", async () => {
  const server = `package main\nimport "net/http"\nfunc main() { http.ListenAndServe(":80", nil) }`;
  const { commands } = await planned({
    "go.mod": "module example.org/all\ngo 1.24\n",
    "helloserver/go.mod": "module example.org/all/helloserver\ngo 1.24\n",
    "helloserver/server.go": server,
    "outyet/main.go": server,
  });
  expect(commands.build === null ? "" : commandText(commands.build)).toMatch(/\.\/outyet$/);
});

test("a package whose build only compiles is no site, though pages stand in it", async () => {
  const scripts = { build: "rm -rf lib && tsc" };
  const files = {
    "package.json": JSON.stringify({ name: "tool", bin: "lib/bin.js", scripts }),
    "public/test.html": "",
  };
  expect(await refused(files)).toBe("no-app-found");
});

test("several lockfiles are warned of, packageManager decides", async () => {
  const result = await planned({
    "package.json": app(["express"], { start: "node a" }, { packageManager: "pnpm@9.1.0+sha512.abc" }),
    "package-lock.json": "{}",
    "pnpm-lock.yaml": "lockfileVersion: '9.0'",
  });
  expect(result.packageManager).toEqual({ name: "pnpm", version: "9.1.0", lockfile: "pnpm-lock.yaml" });
  expect(result.warnings.map((warning) => warning.code)).toContain("lockfile-conflict");
});

test("development dependencies stay where the start needs them", async () => {
  const server = {
    "package.json": app([], { start: "ts-node src/index.ts" }, { devDependencies: { "ts-node": "10" } }),
  };
  expect((await planned(server)).devDependencies).toBe("keep");
  const imports = {
    "package.json": app(["express"], { start: "node server.js" }, { devDependencies: { morgan: "1" } }),
    "server.js": "const l = require('./log')",
    "log.js": "module.exports = require('morgan')",
  };
  expect((await planned(imports)).devDependencies).toBe("keep");
  const clean = {
    "package.json": app(["express"], { start: "node server.js" }, { devDependencies: { morgan: "1" } }),
    "server.js": "require('express')",
  };
  expect((await planned(clean)).devDependencies).toBeUndefined();
});

describe("several apps", () => {
  const web = app(["next"], { build: "next build" });
  test("a member of a workspace is installed from the root, with the packages it needs built first", async () => {
    const files = {
      "package.json": { private: true, workspaces: ["apps/*", "packages/*"] },
      "package-lock.json": "{}",
      "apps/web/package.json": { ...app(["next"], { build: "next build" }), dependencies: { next: "1", "@x/ui": "*" } },
      "packages/ui/package.json": { name: "@x/ui", scripts: { build: "tsc" } },
      "packages/other/package.json": { name: "@x/other", scripts: { build: "tsc" } },
    };
    const result = await planned(files, { dir: "apps/web" });
    expect(result).toMatchObject({
      appDir: "apps/web",
      installDir: "",
      packageManager: { lockfile: "package-lock.json" },
    });
    expect(result.commands.build).toEqual({ script: '(cd "../../packages/ui" && npm run build) && npm run build' });
  });
  test("a folder that no workspace lists stands on its own", async () => {
    const files = {
      "package.json": { workspaces: ["packages/*"] },
      "package-lock.json": "{}",
      "site/package.json": web,
    };
    expect(await planned(files, { dir: "site" })).toMatchObject({
      installDir: "site",
      packageManager: { lockfile: null },
    });
  });
  test("the only app below the root is taken", async () => {
    expect(await planned({ "README.md": "", "frontend/package.json": web })).toMatchObject({ appDir: "frontend" });
  });
  test("several apps are offered by name", async () => {
    const result = await plan({
      "pnpm-workspace.yaml": "packages: ['apps/*']",
      "package.json": {},
      "apps/a/package.json": web,
      "apps/b/package.json": web,
    });
    expect(result).toMatchObject({
      ok: false,
      failure: { code: "no-app-found" },
      apps: [{ dir: "apps/a" }, { dir: "apps/b" }],
    });
  });
});

test("pages that were made for a path below a host are built for the root", async () => {
  const react = {
    "package.json": app(
      ["react-scripts"],
      { build: "react-scripts build" },
      { homepage: "https://ann.github.io/shop" },
    ),
  };
  expect((await planned(react)).env.build).toMatchObject({ PUBLIC_URL: "/" });
  const vite = {
    "package.json": app(["vite"], { build: "tsc && vite build" }),
    "index.html": "",
    "vite.config.js": "export default { base: '/shop/' }",
  };
  expect((await planned(vite)).commands.build).toEqual({ argv: ["npm", "run", "build", "--", "--base=/"] });
  const atRoot = { ...vite, "vite.config.js": "export default { base: '/' }" };
  expect((await planned(atRoot)).commands.build).toEqual({ argv: ["npm", "run", "build"] });
});

test("a client that no script generates is generated before the build", async () => {
  const files = {
    "package.json": app(["express", "prisma", "@prisma/client"], { build: "tsc", start: "node a.js" }),
    "prisma/schema.prisma": "",
  };
  expect((await planned(files)).commands.build).toEqual({ script: "prisma generate && npm run build" });
  const own = {
    ...files,
    "package.json": app(["express", "prisma", "@prisma/client"], {
      postinstall: "prisma generate",
      start: "node a.js",
    }),
  };
  expect((await planned(own)).commands.build).toBeNull();
});

test("an app that only a Dockerfile describes is built by it; beside another plan its port is taken", async () => {
  expect(await planned({ Dockerfile: "FROM scratch" })).toMatchObject({ kind: "dockerfile" });
  const result = await planned({
    "package.json": app(["express"], { start: "node a.js" }),
    Dockerfile: "FROM node\nEXPOSE 8080\n",
  });
  expect(result).toMatchObject({
    kind: "node",
    port: 8080,
    warnings: [{ code: "lockfile-missing" }, { code: "dockerfile-unused" }],
  });
  expect(
    await plan({ "compose.yml": "services: {}", "api/package.json": app(["express"], { start: "node a.js" }) }),
  ).toMatchObject({ ok: true, plan: { appDir: "api" } });
});

test("refusals have a code and a fix", async () => {
  expect(await refused({})).toBe("no-app-found");
  expect(await refused({ "README.md": "# hello" })).toBe("no-app-found");
  expect(await refused({ "index.html": "", "cloudsmith.json": '{ "strat": "x" }' })).toBe("plan-invalid");
  expect(await refused({ "index.html": "", "cloudsmith.json": "{" })).toBe("plan-invalid");
  expect(await refused({ "index.html": "" }, { dir: "nowhere" })).toBe("source-folder-missing");
  expect(await refused({ "index.html": "" }, { dir: "../.." })).toBe("plan-invalid");
});

test("a link out of the source is not followed", async () => {
  const outside = lay({ "package.json": app(["next"]), "app/page.tsx": "" });
  const root = lay({ "README.md": "" });
  symlinkSync(join(outside, "package.json"), join(root, "package.json"));
  symlinkSync(outside, join(root, "app"));
  expect(await planSource({ root, dir: "" })).toMatchObject({ ok: false, failure: { code: "no-app-found" } });
});

test("variables that an example names and that have no value are expected", async () => {
  const result = await planned(
    { "index.html": "", ".env.example": "DATABASE_URL=\nAPI_KEY=changeme\nPORT=3000\nSET=1" },
    { variables: ["SET"] },
  );
  expect(result.expects).toEqual(["DATABASE_URL", "API_KEY"]);
});

const names = fc.constantFrom(
  "package.json",
  "index.html",
  "cloudsmith.json",
  "pnpm-lock.yaml",
  "package-lock.json",
  "yarn.lock",
  ".nvmrc",
  "next.config.js",
  "angular.json",
  "Procfile",
  "requirements.txt",
  "pyproject.toml",
  "go.mod",
  "Cargo.toml",
  "pom.xml",
  "Gemfile",
  "composer.json",
  "Dockerfile",
  "app.json",
  "fly.toml",
  "render.yaml",
  "vercel.json",
  "netlify.toml",
  "server.js",
  "main.py",
  "manage.py",
  ".env.example",
  "pnpm-workspace.yaml",
);
const folders = fc.constantFrom("", "apps/web/", "packages/a/", "src/", "a/b/c/");
const contents = fc.oneof(
  fc.string(),
  fc.json(),
  fc.constantFrom(
    "",
    "{}",
    "[]",
    "null",
    "{",
    "\0",
    "packages: [",
    "[tool.poetry]\n",
    "- x\n",
    "web: node x",
    JSON.stringify(app(["next", "vite", "express"], { build: "x", start: "y" })),
    '{"scripts":{"start":7},"dependencies":[],"workspaces":{"packages":5},"engines":"x"}',
  ),
);
const settings: fc.Arbitrary<PlanSettings> = fc.record(
  {
    start: fc.string(),
    build: fc.option(fc.string()),
    output: fc.string(),
    toolchains: fc.dictionary(fc.string(), fc.string()),
  },
  { requiredKeys: [] },
);

test("any tree gives a plan or a reasoned refusal, the same one each time", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.tuple(folders, names).map(([folder, name]) => folder + name),
        contents,
        { maxKeys: 8 },
      ),
      settings,
      fc.constantFrom("", "apps/web", "src"),
      async (files, flags, dir) => {
        const root = lay(files);
        const first = await planSource({ root, dir, flags });
        expect(first.ok || first.failure.fix !== undefined).toBe(true);
        if (first.ok)
          expect(
            [first.plan.appDir, first.plan.installDir].some((path) => path.startsWith("..") || path.startsWith("/")),
          ).toBe(false);
        expect(await planSource({ root, dir, flags })).toEqual(first);
        rmSync(root, { recursive: true });
      },
    ),
    { numRuns: 300 },
  );
});

describe("an app that is not told apart, or is none, is refused", () => {
  const goServer = `package main\nimport "net/http"\nfunc main() { http.ListenAndServe(":80", nil) }`;
  const goTool = `package main\nfunc main() { println("hello") }`;
  const python = "from fastapi import FastAPI\napp = FastAPI()\n";
  test.each<[string, Files, string]>([
    [
      "two servers of a Go module",
      { "go.mod": "module x.org/all\n", "cmd/users/main.go": goServer, "cmd/orders/main.go": goServer },
      "main-not-found",
    ],
    [
      "a collection of programs, one of which serves",
      {
        "go.mod": "module x.org/all\n",
        "pages/main.go": goServer,
        "a/main.go": goTool,
        "b/main.go": goTool,
        "c/main.go": goTool,
      },
      "main-not-found",
    ],
    [
      "two servers of a Rust workspace",
      {
        "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n',
        "a/Cargo.toml": '[package]\nname = "aa"\n[dependencies]\naxum = "1"\n',
        "a/src/main.rs": "",
        "b/Cargo.toml": '[package]\nname = "bb"\n[dependencies]\naxum = "1"\n',
        "b/src/main.rs": "",
      },
      "no-app-found",
    ],
    [
      "a desktop app, though a page stands in it",
      {
        "package.json": app([], { start: "electron ." }, { devDependencies: { electron: "39" }, main: "main.js" }),
        "main.js": "",
        "index.html": "",
      },
      "plan-unsupported",
    ],
    [
      "a mobile app",
      { "package.json": app(["react-native", "react"], { start: "react-native start" }), "index.js": "" },
      "plan-unsupported",
    ],
    [
      "a root that only holds a workspace of Python, with two apps below",
      {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["backend"]\n',
        "uv.lock": "version = 1\n",
        "backend/pyproject.toml": '[project]\nname = "b"\ndependencies = ["fastapi"]\n',
        "backend/app/main.py": python,
        "frontend/package.json": app(["vite"], { build: "vite build" }),
        "frontend/index.html": "",
      },
      "no-app-found",
    ],
    [
      "the root of an Nx workspace with two apps",
      {
        "package.json": app(["@angular/core"], { start: "nx serve", build: "nx build" }),
        "nx.json": {},
        "apps/cart/project.json": { name: "cart", projectType: "application", targets: { build: {} } },
        "apps/shop/project.json": { name: "shop", projectType: "application", targets: { build: {} } },
        "apps/shop-e2e/project.json": { name: "shop-e2e", projectType: "application" },
      },
      "no-app-found",
    ],
    [
      "apps of which a compose file builds the proxy before them only",
      {
        "compose.yaml": "services:\n  nginx:\n    build: ./nginx\n    ports: ['80:80']\n  api:\n    build: ./api\n",
        "nginx/Dockerfile": "FROM nginx\n",
        "api/package.json": app(["express"], { start: "node server.js" }),
        "web/package.json": app(["vite"], { build: "vite build" }),
        "web/index.html": "",
      },
      "no-app-found",
    ],
    [
      "examples of a package with one page that a script among them serves",
      { "package.json": { name: "examples" }, "upload/index.js": "", "upload/public/index.html": "" },
      "no-app-found",
    ],
    [
      "a command line tool with the pages that it shows",
      { "package.json": { name: "tool", bin: "lib/bin.js", scripts: { build: "tsc" } }, "views/index.html": "" },
      "no-app-found",
    ],
  ])("%s", async (_name, files, code) => {
    expect(await refused(files)).toBe(code);
  });

  test("a folder of a Go module is built there, with the module's files from above", async () => {
    const files = { "go.mod": "module x.org/all\nrequire y.org/z v1\n", "go.sum": "", "cmd/users/main.go": goServer };
    const { commands, installDir, appDir } = await planned(files, { dir: "cmd/users" });
    expect({ installDir, appDir }).toEqual({ installDir: "", appDir: "cmd/users" });
    expect(commands.install).toEqual({ argv: ["go", "mod", "download"] });
    expect(commands.build).toMatchObject({ argv: expect.arrayContaining(["go", "build", "."]) });
  });

  test("a Go program of before modules is built when it needs the standard library only", async () => {
    const { env } = await planned({ "main.go": goServer });
    expect(env.build["GO111MODULE"]).toBe("off");
    const needs = goServer.replace('"net/http"', '(\n"net/http"\n"github.com/x/y"\n)');
    expect(await refused({ "main.go": needs })).toBe("no-app-found");
  });

  test("of several Go programs the one with a server's name is the app", async () => {
    const { commands } = await planned({
      "go.mod": "module x.org/shop\n",
      "cmd/shop/main.go": goServer,
      "cmd/import/main.go": goTool,
      "cmd/users/main.go": goServer,
    });
    expect(commands.build === null ? "" : commandText(commands.build)).toMatch(/\.\/cmd\/shop$/);
  });

  test("a start that a person sets makes even a desktop app's repository one", async () => {
    const files = {
      "package.json": app([], { start: "electron ." }, { devDependencies: { electron: "39" } }),
      "cloudsmith.json": { start: "node server.js" },
    };
    expect(served(await planned(files))).toBe("node server.js");
  });
});

describe("a Node version that the framework in the lockfile refuses was forgotten", () => {
  const nextApp = app(["next"], { build: "next build", start: "next start" });
  const pnpmLock =
    "lockfileVersion: '9.0'\n\npackages:\n\n  next@16.0.10:\n    resolution: {integrity: x}\n    engines: {node: '>=20.9.0'}\n";
  const npmLock = JSON.stringify(
    { packages: { "node_modules/next": { version: "16.0.10", engines: { node: ">=20.9.0" } } } },
    null,
    2,
  );
  test.each<[string, Files, string]>([
    ["in pnpm's", { "pnpm-lock.yaml": pnpmLock, ".nvmrc": "18" }, "20.x"],
    ["in npm's", { "package-lock.json": npmLock, ".nvmrc": "v18.17.0" }, "20.x"],
    ["an allowed one stays", { "package-lock.json": npmLock, ".nvmrc": "22" }, "22.x"],
  ])("%s", async (_name, files, version) => {
    const { toolchains, warnings } = await planned({ "package.json": nextApp, ...files });
    expect(toolchains["node"]).toBe(version);
    expect(warnings.some(({ code }) => code === "node-version-stale")).toBe(version === "20.x");
  });
});
