import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Deployment, SourceRef } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";
import type { Installation } from "../../../journeys/support/installation.ts";

/** Writes an app into the installation's own folder. */
export function writeApp(installation: Installation, name: string, files: Record<string, string>): SourceRef {
  const path = installation.root.file("sources", name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return { type: "folder", path, dir: "" };
}

const server = `
console.log("starting");
require("node:http").createServer((q, s) => s.end("hello")).listen(process.env.PORT, () => console.log("listening"));`;

/** An app of Node whose build is this script. */
export function nodeApp(installation: Installation, name: string, build: string, files: Record<string, string> = {}) {
  const scripts = { build: "node build.js", start: "node server.js" };
  return writeApp(installation, name, {
    "package.json": JSON.stringify({ name, scripts }),
    "build.js": build,
    "server.js": server,
    ...files,
  });
}

/** Makes the project of a source and asks for a deployment. */
export async function deploy(installation: Installation, name: string, source: SourceRef): Promise<Deployment> {
  await installation.client.projects.ensure({ source, name });
  return installation.client.deployments.create({ project: name });
}

export function settled(installation: Installation, { id }: Pick<Deployment, "id">): Promise<Deployment> {
  return waitFor(
    `deployment ${id} to settle`,
    async () => {
      const found = await installation.client.deployments.get({ deployment: id });
      return found.settledAt === null ? undefined : found;
    },
    { timeoutMs: 60_000, everyMs: 50 },
  );
}
