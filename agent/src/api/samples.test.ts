import { waitFor } from "@cloudsmith/testkit";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
beforeAll(async () => {
  agent = await TestAgent.start();
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
});

test("a sample is copied to a place where it can be changed, deployed, and deployed again as it was changed", async () => {
  const client = agent.client();
  const { project, deployment } = await client.samples.deploy({ sample: "static-site" });
  expect(project.project).toMatchObject({ name: "static-site", source: { type: "folder" } });
  const folder = join(agent.paths.home, "samples", "static-site");
  expect(project.project.source).toMatchObject({ path: folder });
  await waitFor("the sample to be live", async () => {
    const { state, failure } = await client.deployments.get({ deployment: deployment.id });
    if (failure !== null) throw new Error(failure.message);
    return state === "live";
  });

  await writeFile(join(folder, "index.html"), "mine");
  const again = await client.samples.deploy({ sample: "static-site" });
  expect(again.project.project.id).toBe(project.project.id);
  expect(again.deployment.sequence).toBe(deployment.sequence + 1);
  expect(await readFile(join(folder, "index.html"), "utf8")).toBe("mine");
});

test("deployments of all projects come newest first, and a project tells its newest one", async () => {
  const client = agent.client();
  const { items } = await client.deployments.recent({ limit: 1 });
  expect(items.map(({ sequence }) => sequence)).toEqual([2]);
  const { environments } = await client.projects.get({ project: "static-site" });
  expect(environments[0]?.lastDeployment?.id).toBe(items[0]?.id);
});

test("activity is told by actor and by kind of action", async () => {
  const client = agent.client();
  await client.projects.rename({ project: "static-site", name: "renamed" });
  const actions = async (filter: { action?: string; actor?: string }): Promise<string[]> =>
    (await client.activity.list(filter)).items.map(({ action }) => action);
  expect(await actions({ action: "projects" })).toEqual(["projects.rename"]);
  expect(await actions({ action: "samples.deploy" })).toEqual(["samples.deploy", "samples.deploy"]);
  expect(await actions({ action: "proj" })).toEqual([]);
  expect(await actions({ actor: "user_nobody" })).toEqual([]);
});
