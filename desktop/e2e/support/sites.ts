import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { waitFor } from "@cloudsmith/testkit";
import type { Installation } from "../../../journeys/support/installation.ts";

/** Writes the files of an app into the test's own folder and gives its path. */
export function writeApp(installation: Installation, name: string, files: Record<string, string>): string {
  const folder = installation.root.file("apps", name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A server without dependencies: it shows a variable, prints each request and can answer with an error. */
export const talkingServer: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ name: "talks", scripts: { start: "node server.js" } }),
  "cloudsmith.json": JSON.stringify({ install: null }),
  "server.js": `
const http = require("node:http");
http.createServer((request, response) => {
  console.log("asked for " + request.url);
  if (request.url === "/broken") response.statusCode = 500;
  response.end("title: " + (process.env.TITLE ?? "none") + ", key: " + (process.env.API_TOKEN === undefined ? "none" : "kept"));
}).listen(process.env.PORT);
`,
};

/** Deploys a project by the API and waits until it answers. */
export async function deployLive({ client }: Installation, project: string, environment = "production") {
  const { id } = await client.deployments.create({ project, environment });
  return waitLive(client, id);
}

export async function waitLive(client: Installation["client"], id: string) {
  return waitFor(
    `deployment ${id} to be live`,
    async () => {
      const found = await client.deployments.get({ deployment: id });
      if (found.state === "failed") throw new Error(found.failure?.message);
      return found.state === "live" ? found : undefined;
    },
    { timeoutMs: 60_000 },
  );
}

/** What an environment answers with, once its address does: that comes a moment after the deployment is live. */
export async function answerOf({ client }: Installation, project: string, path = "", environment = "production") {
  const url = await waitFor(
    "an address",
    async () => (await client.environments.get({ project, environment })).plainUrl ?? undefined,
  );
  return (await fetch(new URL(path, url))).text();
}
