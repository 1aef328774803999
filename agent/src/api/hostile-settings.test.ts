import { isSettled, type Deployment } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderSource } from "../testing/sites.ts";
import { TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
/** A folder of this person's, beside everything that is CloudSmith's. */
let precious: string;
beforeAll(async () => {
  agent = await TestAgent.start();
  precious = agent.file("precious");
  mkdirSync(precious);
  writeFileSync(join(precious, "index.html"), "canary-of-this-person");
});
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

async function deployed(name: string, files: Record<string, string>): Promise<Deployment> {
  const client = agent.client();
  await client.projects.ensure({ source: folderSource(agent, name, files), name });
  const { id } = await client.deployments.create({ project: name });
  return waitFor("it has settled", async () => {
    const found = await client.deployments.get({ deployment: id });
    return isSettled(found.state) ? found : undefined;
  });
}

const up = "../".repeat(12);

test.each([
  ["output", { output: () => up + precious.slice(1) }],
  ["output", { output: () => precious }],
  ["output", { output: () => `docs/../../../${"../".repeat(8)}etc` }],
  ["persist", { persist: () => up + precious.slice(1) }],
  ["persist", { persist: () => precious }],
  ["persist", { persist: () => "." }],
  ["health", { health: () => ({ path: "/ HTTP/1.1\r\nX-Evil: 1" }) }],
])(
  "a repository whose %s leads out of it fails before anything is built, and touches nothing",
  async (field, values) => {
    const settings = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value()]));
    const name = `hostile-${Math.random().toString(36).slice(2, 10)}`;
    const files = { "index.html": "page", "docs/index.html": "docs", "cloudsmith.json": JSON.stringify(settings) };
    const deployment = await deployed(name, files);
    expect(deployment.state).toBe("failed");
    expect(JSON.stringify(deployment.failure)).toContain(field);
    expect(readdirSync(precious)).toEqual(["index.html"]);
  },
);

test("a file of another platform that says so is not believed", async () => {
  const publish = up + precious.slice(1);
  const deployment = await deployed("platform-file", {
    "index.html": "page",
    "netlify.toml": `[build]\npublish = ${JSON.stringify(publish)}\n`,
  });
  const { plainUrl } = await agent.client().environments.get({ project: "platform-file", environment: "production" });
  if (plainUrl !== null) expect(await (await fetch(plainUrl)).text()).not.toContain("canary");
  expect(JSON.stringify(deployment)).not.toContain("canary");
});

test("settings of a project and flags of a deployment are held to the same", async () => {
  const client = agent.client();
  await client.projects.ensure({ source: folderSource(agent, "held", { "index.html": "page" }), name: "held" });
  for (const settings of [{ output: "../x" }, { persist: "/etc" }, { persist: "a/../../b" }, { output: "C:\\x" }])
    await expect(client.projects.update({ project: "held", settings })).rejects.toMatchObject({
      code: "invalid-input",
    });
  for (const flags of [{ output: "..\\x" }, { persist: ".." }])
    await expect(client.deployments.create({ project: "held", flags })).rejects.toMatchObject({
      code: "invalid-input",
    });
  expect(
    (await deployed("fine", { "web/..b/index.html": "page", "cloudsmith.json": '{"output":"web/..b"}' })).state,
  ).toBe("live");
  expect(existsSync(join(precious, "index.html"))).toBe(true);
});
