import { expect } from "@playwright/test";
import { isSettled, type Deployment } from "@cloudsmith/contracts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentClient } from "@cloudsmith/agent/src/client.ts";

/** A folder with a page, which is live within a second or two. */
export function staticSite(root: string, name: string): string {
  const folder = join(root, "sources", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.html"), `<!doctype html><title>${name}</title><h1>${name}</h1>`);
  return folder;
}

/** A folder whose build fails. */
export function brokenApp(root: string, name: string): string {
  const folder = join(root, "sources", name);
  mkdirSync(folder, { recursive: true });
  const scripts = { build: "node build.js", start: "node server.js" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, scripts }));
  writeFileSync(join(folder, "cloudsmith.json"), JSON.stringify({ install: null }));
  writeFileSync(join(folder, "build.js"), `console.error("This build fails on purpose"); process.exit(1);`);
  return folder;
}

/** Makes the project of a folder and asks to deploy it. */
export async function deploy(client: AgentClient, path: string): Promise<Deployment> {
  const { project } = await client.projects.ensure({ source: { type: "folder", path, dir: "" } });
  return client.deployments.create({ project: project.project.id, environment: "production" });
}

/** Waits until a deployment has settled; the deployment. */
export async function settled(client: AgentClient, { id }: Deployment): Promise<Deployment> {
  await expect
    .poll(async () => isSettled((await client.deployments.get({ deployment: id })).state), { timeout: 40_000 })
    .toBe(true);
  return client.deployments.get({ deployment: id });
}

/** An app that writes so many lines a second. */
export function chattyApp(root: string, name: string, linesPerSecond: number): string {
  const folder = join(root, "sources", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, private: true, scripts: { start: "node server.js" } }),
  );
  writeFileSync(join(folder, "cloudsmith.json"), JSON.stringify({ install: null }));
  const burst = Math.round(linesPerSecond / 10);
  writeFileSync(
    join(folder, "server.js"),
    `let n = 0;
setInterval(() => { let text = ""; for (let i = 0; i < ${burst}; i++) text += "GET /items/" + n++ + " 200 12 ms, a line as web servers write them all day long\\n"; process.stdout.write(text); }, 100);
require("node:http").createServer((_, response) => response.end("ok")).listen(process.env.PORT);
`,
  );
  return folder;
}
