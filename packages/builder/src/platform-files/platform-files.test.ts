import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildPlan } from "@cloudsmith/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planSource } from "../plan/plan-source.ts";
import { withoutInstalls } from "./platform-file.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "platform-files-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function planned(files: Record<string, string | object>): Promise<BuildPlan> {
  const root = mkdtempSync(join(home, "t-"));
  for (const [path, content] of Object.entries(files))
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  const result = await planSource({ root, dir: "" });
  if (!result.ok) throw new Error(result.failure.message);
  return result.plan;
}

const vite = { scripts: { build: "vite build" }, dependencies: { vite: "8" } };
const express = { scripts: { start: "node a.js" }, dependencies: { express: "5" } };
const next = { scripts: { build: "next build", start: "next start" }, dependencies: { next: "16" } };

test("vercel.json: build, output and a fallback to index.html", async () => {
  const result = await planned({
    "package.json": vite,
    "index.html": "",
    "vercel.json": {
      buildCommand: "npm install && npm run build:web",
      outputDirectory: "./out/",
      rewrites: [{ source: "/(.*)", destination: "/index.html" }],
    },
  });
  expect(result).toMatchObject({
    output: "out",
    serve: { type: "static", spa: true },
    commands: { build: { argv: ["npm", "run", "build:web"] } },
  });
  expect(result.reasons.find((reason) => reason.field === "output")).toMatchObject({
    origin: "platform-file",
    because: "vercel.json says so",
  });
});

test("netlify.toml: its Node version is taken, its publish folder does not make a server static", async () => {
  const toml =
    '[build]\ncommand = "npm run build"\npublish = ".next"\n[build.environment]\nNODE_VERSION = "20"\n[[plugins]]\npackage = "@netlify/plugin-nextjs"\n';
  const result = await planned({ "package.json": next, "netlify.toml": toml });
  expect(result).toMatchObject({ output: null, serve: { type: "process" }, toolchains: { node: "20.x" } });
});

test("render.yaml: build without its installs, start, release, health and wanted variables", async () => {
  const yaml =
    "services:\n- type: worker\n  startCommand: x\n- type: web\n  buildCommand: npm ci; npm run compile\n  startCommand: node dist/main.js\n  preDeployCommand: npm run migrate\n  healthCheckPath: /up\n  envVars:\n  - key: API_KEY\n    sync: false\n";
  const result = await planned({ "package.json": express, "render.yaml": yaml });
  expect(result).toMatchObject({
    serve: { start: { argv: ["node", "dist/main.js"] } },
    commands: { build: { argv: ["npm", "run", "compile"] }, release: { argv: ["npm", "run", "migrate"] } },
    health: { path: "/up" },
    expects: ["API_KEY"],
  });
});

test("fly.toml: release command and port; app.json: required variables", async () => {
  const result = await planned({
    "package.json": express,
    "fly.toml": '[deploy]\nrelease_command = "npm run migrate"\n[http_service]\ninternal_port = 8080\n',
    "app.json": { env: { TOKEN: { required: true }, OPTIONAL: { required: false }, SET: "x" } },
  });
  expect(result).toMatchObject({
    port: 8080,
    commands: { release: { argv: ["npm", "run", "migrate"] } },
    expects: ["TOKEN"],
  });
});

test("cloudsmith.json is stronger than any of them, and a development start counts nowhere", async () => {
  const result = await planned({
    "package.json": express,
    "railway.json": { deploy: { startCommand: "nodemon a.js", healthcheckPath: "/x" } },
    "cloudsmith.json": { health: { path: "/y" } },
  });
  expect(result.health.path).toBe("/y");
  expect(
    (await planned({ "package.json": express, "railway.json": { deploy: { startCommand: "next dev" } } })).serve,
  ).toMatchObject({ start: { argv: ["node", "a.js"] } });
});

test("broken files say nothing", async () => {
  expect(
    await planned({
      "package.json": express,
      "vercel.json": "{",
      "netlify.toml": "= =",
      "render.yaml": "a: [",
      "fly.toml": "[[",
      "app.json": "7",
    }),
  ).toMatchObject({ kind: "node" });
});

test.each([
  ["npm install && npm run build", "npm run build"],
  ["yarn; yarn build", "yarn build"],
  [
    "pip install -r requirements.txt && python manage.py collectstatic --noinput",
    "python manage.py collectstatic --noinput",
  ],
  ["npm ci", undefined],
  ["make install", "make install"],
])("%s without its installs is %s", (command, rest) => {
  expect(withoutInstalls(command)).toBe(rest);
});
