import type { SourceRef } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderSource, staticSite } from "../testing/sites.ts";
import { TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
beforeAll(async () => {
  agent = await TestAgent.start();
});
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

const production = { environment: "production" };
const git = (ref: string | null): SourceRef => ({
  type: "git",
  url: "https://example.com/team/shop.git",
  ref,
  dir: "",
});

test("one origin is one project, whatever its branch, and a branch that is deployed once does not become its source", async () => {
  const client = agent.client();
  const first = await client.projects.ensure({ source: git(null) });
  expect(first).toMatchObject({ created: true, project: { project: { name: "shop" } } });
  const again = await client.projects.ensure({ source: git("feature") });
  expect(again).toMatchObject({
    created: false,
    project: { project: { id: first.project.project.id, source: git(null) } },
  });
  const deployment = await client.deployments.create({ project: "shop", source: git("feature") });
  expect(deployment.source).toEqual(git("feature"));
  await client.deployments.cancel({ deployment: deployment.id });
  expect((await client.projects.update({ project: "shop", source: git("next") })).project.source).toEqual(git("next"));
});

test("two requests at once make one project", async () => {
  const source = staticSite(agent, "twice");
  const made = await Promise.all(Array.from({ length: 6 }, () => agent.client().projects.ensure({ source })));
  expect(new Set(made.map(({ project }) => project.project.id)).size).toBe(1);
  expect(made.filter(({ created }) => created)).toHaveLength(1);
});

test("a name that another source has is refused when it was asked for, and gets a number when it was not", async () => {
  const client = agent.client();
  const long = "a-very-long-folder-name-that-is-cut--right-here-and-there";
  const names: string[] = [];
  for (const parent of ["one", "two", "three"])
    names.push(
      (await client.projects.ensure({ source: folderSource(agent, `${parent}/${long}`, { "index.html": "x" }) }))
        .project.project.name,
    );
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(40);
  await expect(client.projects.ensure({ source: staticSite(agent, "other"), name: names[0] })).rejects.toMatchObject({
    code: "name-taken",
  });
  await expect(client.projects.rename({ project: names[1] ?? "", name: names[0] ?? "" })).rejects.toMatchObject({
    code: "name-taken",
  });
  await expect(client.projects.rename({ project: names[1] ?? "", name: "api" })).rejects.toMatchObject({
    code: "invalid-input",
  });
});

test("the host of the longest names is a label that DNS takes", async () => {
  const client = agent.client();
  const name = "n".repeat(40);
  await client.projects.ensure({ source: staticSite(agent, "longest"), name });
  const { environment } = await client.environments.create({ project: name, name: "e".repeat(20) });
  expect(environment.host.length).toBeLessThanOrEqual(63);
  await expect(client.environments.create({ project: name, name: "e".repeat(20) })).rejects.toMatchObject({
    code: "name-taken",
  });
});

test("a renamed project answers under its new name without being deployed again", async () => {
  const client = agent.client();
  await client.projects.ensure({ source: staticSite(agent, "before", "still me"), name: "before" });
  await agent.live("before");
  await client.projects.rename({ project: "before", name: "after" });
  const view = await waitFor("the new address", async () => {
    const found = await client.environments.get({ project: "after", ...production });
    return found.url?.includes("//after.localhost") === true ? found : undefined;
  });
  expect(await (await fetch(view.plainUrl ?? "")).text()).toContain("still me");
  await expect(client.projects.get({ project: "before" })).rejects.toMatchObject({ code: "not-found" });
  const reused = await client.projects.ensure({ source: staticSite(agent, "new-before"), name: "before" });
  expect(reused.created).toBe(true);
});

test("a project with as many environments as it may have can be renamed, and gets no more", async () => {
  const client = agent.client();
  await client.projects.ensure({ source: staticSite(agent, "crowded"), name: "crowded" });
  for (let number = 1; number < 19; number++)
    await client.environments.create({ project: "crowded", name: `e${number}` });
  await expect(client.environments.create({ project: "crowded", name: "e19" })).rejects.toMatchObject({
    code: "invalid-input",
  });
  const renamed = await client.projects.rename({ project: "crowded", name: "roomy" });
  expect(renamed.environments.map(({ environment }) => environment.host)).toContain("roomy--e18");
});

test("a project that is being destroyed takes no environment, no name and no deployment", async () => {
  const client = agent.client();
  const { project } = await client.projects.ensure({ source: staticSite(agent, "doomed"), name: "doomed" });
  const { store } = agent.services;
  const stored = await store.get("project", project.project);
  if (stored === undefined) throw new Error("the project is gone");
  const value = { ...stored.value, state: "destroying" as const };
  await store.commit({ puts: [{ entity: "project", value, if: { version: stored.version } }] });
  const conflict = { code: "conflict", message: "doomed is being destroyed" };
  await expect(client.environments.create({ project: "doomed", name: "late" })).rejects.toMatchObject(conflict);
  await expect(client.projects.rename({ project: "doomed", name: "saved" })).rejects.toMatchObject(conflict);
  await expect(client.deployments.create({ project: "doomed" })).rejects.toMatchObject(conflict);
});

test.each([
  ["https://example.org/a", "--upload-pack=/tmp/x"],
  ["ssh://-oProxyCommand=x/a", null],
  ["ext::sh -c id", null],
  ["--upload-pack=x", null],
])("an address that Git is never given makes no project: %s %s", async (url, ref) => {
  const client = agent.client();
  const before = (await client.projects.list({ limit: 500 })).items.length;
  await expect(client.projects.ensure({ source: { type: "git", url, ref, dir: "" } })).rejects.toMatchObject({
    code: expect.stringMatching(/^(invalid-input|git-protocol-refused)$/),
  });
  expect((await client.projects.list({ limit: 500 })).items).toHaveLength(before);
});

test("asked for twice with one key, deployed once", async () => {
  const client = agent.client();
  await client.projects.ensure({ source: staticSite(agent, "keyed"), name: "keyed" });
  const asked = await Promise.all(
    Array.from({ length: 5 }, () => client.deployments.create({ project: "keyed", requestKey: "the-same-key" })),
  );
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
  expect((await client.deployments.list({ project: "keyed" })).items).toHaveLength(1);
});

test("a support bundle has names, and no value of a variable, a secret or a token", async () => {
  const client = agent.client();
  await client.projects.ensure({ source: staticSite(agent, "told"), name: "told" });
  await client.environments.setVariables({
    project: "told",
    ...production,
    set: { SHOWN_NAME: { value: "canary-variable", scope: "run" } },
  });
  await client.environments.setSecrets({ project: "told", ...production, set: { HIDDEN: { value: "canary-secret" } } });
  await client.projects.update({ project: "told", settings: { env: { SETTING_NAME: "canary-setting" } } });
  await client.projects.setGitToken({ project: "told", token: "canary-git-token" });
  await client.deployments.create({ project: "told", flags: { env: { FLAG_NAME: "canary-flag" } } });
  const text = JSON.stringify(await client.system.supportBundle());
  for (const name of ["SHOWN_NAME", "HIDDEN", "SETTING_NAME", "FLAG_NAME"]) expect(text).toContain(name);
  expect(text).not.toMatch(/canary-/);
  expect(text).not.toContain(agent.token);
});

test("the doctor looks at everything and has no complaint about a fresh installation", async () => {
  const checks = await agent.client().system.doctor();
  expect(checks.filter((check) => check.status === "failed")).toEqual([]);
  for (const check of checks.filter((each) => each.status !== "ok")) expect(check.fix).toBeDefined();
});
