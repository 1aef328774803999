import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderSource, staticSite } from "../testing/sites.ts";
import { TestAgent } from "../testing/test-agent.ts";
import { browseFolders } from "./browse-folders.ts";

let agent: TestAgent;
beforeAll(async () => {
  agent = await TestAgent.start();
});
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

const express = JSON.stringify({ scripts: { start: "node server.js" }, dependencies: { express: "5" } });

test("one call tells plan, reasons, apps, wanted variables and a free name before there is a project", async () => {
  const source = folderSource(agent, "reviews/shop", {
    "package.json": express,
    "server.js": "",
    ".env.example": "# The page's title\nTITLE=Shop\nSTRIPE_SECRET_KEY=sk_test_1\nPORT=3000\n",
    "render.yaml": "services:\n- type: web\n  envVars:\n  - key: MAIL_FROM\n    sync: false\n",
    ".env": "TITLE=mine\n",
  });
  const review = await agent.client().sources.review({ source });
  expect(review).toMatchObject({
    failure: null,
    project: null,
    suggestedName: "shop",
    commit: null,
    plan: { kind: "node", serve: { type: "process" }, expects: ["TITLE", "STRIPE_SECRET_KEY", "MAIL_FROM"] },
    variables: [
      { name: "TITLE", file: ".env.example", example: "Shop", note: "The page's title", state: "missing" },
      { name: "STRIPE_SECRET_KEY", file: ".env.example", example: null, note: null, state: "missing" },
      { name: "MAIL_FROM", file: "render.yaml", example: null, note: null, state: "missing" },
    ],
  });
  expect(review.plan?.reasons.length).toBeGreaterThan(2);
  expect(review.notes.join()).toContain(".env was left out");
});

test("what a project has set counts, for the environment that is asked about", async () => {
  const client = agent.client();
  const source = folderSource(agent, "known", { "index.html": "x", ".env.example": "TITLE=\nAPI_TOKEN=\n" });
  const { project } = await client.projects.ensure({ source });
  const place = { project: project.project.id, environment: "production" };
  await client.environments.create({ project: place.project, name: "staging" });
  await client.environments.setVariables({ ...place, set: { TITLE: { value: "Hi", scope: "both" } } });
  await client.environments.setSecrets({ ...place, set: { API_TOKEN: { value: "t" } } });
  const states = async (environment: string) =>
    (await client.sources.review({ source, environment })).variables.map(({ name, state }) => `${name} ${state}`);
  expect(await states("production")).toEqual(["TITLE set", "API_TOKEN set"]);
  expect(await states("staging")).toEqual(["TITLE missing", "API_TOKEN missing"]);
  expect((await client.sources.review({ source })).project).toEqual({
    id: place.project,
    name: "known",
    settings: {},
    environments: ["production", "staging"],
  });
});

test("an edited plan keeps what was detected beside it, so that a field can be put back", async () => {
  const source = folderSource(agent, "edited", { "package.json": express, "server.js": "" });
  const review = await agent.client().sources.review({ source, settings: { start: "node other.js", port: 4000 } });
  expect(review.plan).toMatchObject({ port: 4000, serve: { start: { argv: ["node", "other.js"] } } });
  expect(review.detected).toMatchObject({ port: null, serve: { start: { argv: ["node", "server.js"] } } });
  expect(review.plan?.reasons.find(({ field }) => field === "port")?.origin).toBe("project");
});

test("a monorepo without a chosen app is refused with its apps to choose from", async () => {
  const source = folderSource(agent, "mono", {
    "apps/web/package.json": express,
    "apps/web/server.js": "",
    "apps/landing/index.html": "x",
  });
  const review = await agent.client().sources.review({ source });
  expect(review).toMatchObject({ plan: null, detected: null, failure: { code: "no-app-found" } });
  expect(review.apps.map(({ dir }) => dir)).toEqual(["apps/landing", "apps/web"]);
});

test("branches and tags of a repository, and a source as people type it", async () => {
  const client = agent.client();
  const path = join(agent.homeFolder, "repo");
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "index.html"), "x");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", path, "-c", "user.name=Ann", "-c", "user.email=a@example.org", ...args]);
  git("init", "--quiet", "--initial-branch=trunk");
  git("add", "--all");
  git("commit", "--quiet", "--message=First");
  git("tag", "v1");
  const { href: url } = pathToFileURL(path);
  expect(await client.sources.refs({ url })).toEqual({
    defaultBranch: "trunk",
    branches: ["trunk"],
    tags: ["v1"],
    truncated: false,
  });
  expect(await client.sources.resolve({ text: "vercel/next.js#canary" })).toMatchObject({
    type: "git",
    url: "https://github.com/vercel/next.js.git",
    ref: "canary",
  });
  expect(await client.sources.resolve({ text: "repo" })).toMatchObject({ type: "folder", path });
  expect(await client.sources.resolve({ text: `${path}#v1` })).toMatchObject({ type: "git", ref: "v1" });
  await expect(client.sources.resolve({ text: "nothing here" })).rejects.toMatchObject({ code: "invalid-input" });
});

test("folders are listed below the home folder only: no hidden ones, no links, no way out", async () => {
  const home = agent.file("home-of-ann");
  for (const folder of ["b10", "b2/inner", ".ssh", "A"]) mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, "file.txt"), "x");
  symlinkSync(agent.file(), join(home, "way-out"));
  const top = await browseFolders(home, undefined);
  expect(top.folders.map(({ name }) => name)).toEqual(["A", "b2", "b10"]);
  expect(top).toMatchObject({ parent: null, truncated: false });
  const inner = await browseFolders(home, join(home, "b2"));
  expect(inner.folders.map(({ name }) => name)).toEqual(["inner"]);
  expect(inner.trail.map(({ name }) => name)).toEqual(["home-of-ann", "b2"]);
  expect(inner.parent).toBe(top.path);
  for (const path of [
    agent.file(),
    "/etc",
    join(home, "way-out"),
    join(home, ".ssh"),
    join(home, "b2/../.."),
    "b2",
    `${home}-other`,
  ])
    await expect(browseFolders(home, path), path).rejects.toMatchObject({ code: "not-found" });
  await expect(browseFolders(home, join(home, "file.txt"))).rejects.toMatchObject({ code: "not-found" });
});

test("folders are told to those who may deploy", async () => {
  const viewer = agent.client(await agent.member("team_local", "viewer"));
  await expect(viewer.sources.folders({})).rejects.toMatchObject({ code: "forbidden" });
  const { folders, trail } = await agent.client().sources.folders({});
  expect(folders.map(({ name }) => name)).toContain("repo");
  expect(trail.map(({ name }) => name)).toEqual(["person"]);
});

test("recent sources are the newest first, each once, without those of destroyed projects", async () => {
  const client = agent.client();
  for (const name of ["early", "late", "gone"]) {
    await client.projects.ensure({ source: staticSite(agent, `recent/${name}`) });
    await client.deployments.create({ project: name });
  }
  await client.deployments.create({ project: "late" });
  await client.projects.destroy({ project: "gone", confirm: "gone" });
  const recent = await client.sources.recent({});
  expect(recent.map(({ project }) => project).slice(0, 2)).toEqual(["late", "early"]);
  expect(recent.filter(({ project }) => project === "late")).toHaveLength(1);
  expect(await client.sources.recent({ limit: 1 })).toHaveLength(1);
});

test("a rollback is looked at before it is done: what changes, which secrets are replaced, and nothing happens", async () => {
  const client = agent.client();
  const place = { project: "looked-at", environment: "production" };
  await client.projects.ensure({ source: staticSite(agent, "looked-at", "one"), name: "looked-at" });
  await client.environments.setVariables({ ...place, set: { COLOR: { value: "red", scope: "both" } } });
  await client.environments.setSecrets({ ...place, set: { TOKEN: { value: "old" }, KEPT: { value: "k" } } });
  const first = await agent.live("looked-at");
  staticSite(agent, "looked-at", "two");
  await client.environments.setVariables({ ...place, set: { COLOR: { value: "blue", scope: "both" } } });
  await client.environments.setSecrets({ ...place, set: { TOKEN: { value: "new", scope: "run", revokeOld: true } } });
  await client.environments.setSecrets({ ...place, set: { LATER: { value: "x" } } });
  const second = await agent.live("looked-at");
  const before = await client.environments.get(place);
  const preview = await client.deployments.previewRollback({ ...place, to: first.id });
  expect(preview).toMatchObject({
    target: { id: first.id },
    live: { id: second.id },
    pausesAutomaticDeployments: true,
    overtakes: null,
  });
  expect(preview.differences).toEqual([
    expect.objectContaining({ part: "source" }),
    { part: "variable", name: "COLOR", before: "blue", after: "red" },
  ]);
  // TOKEN of then was revoked, its successor is what is live already.
  expect(preview.secrets.map(({ name, after, revoked }) => [name, after, revoked])).toEqual([["LATER", null, null]]);
  expect((await client.environments.get(place)).environment).toEqual(before.environment);
  await expect(client.deployments.previewRollback({ ...place, to: "#99" })).rejects.toMatchObject({
    code: "not-found",
  });
});
