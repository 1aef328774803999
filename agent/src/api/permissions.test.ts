import { newId, roleAllows, roles, type Permission, type Role } from "@cloudsmith/contracts";
import { contract, procedure } from "@cloudsmith/contracts/api";
import { newEvent } from "@cloudsmith/events";
import { waitFor } from "@cloudsmith/testkit";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { staticSite } from "../testing/sites.ts";
import { TestAgent } from "../testing/test-agent.ts";

interface Foreign {
  readonly project: string;
  readonly environment: string;
  readonly deployment: string;
  readonly release: string;
  readonly session: string;
  readonly deadLetter: string;
  readonly account: string;
  readonly flow: string;
  readonly own: { readonly project: string; readonly name: string };
}
type ProcedurePath = {
  [R in keyof typeof contract]: `${R}.${Extract<keyof (typeof contract)[R], string>}`;
}[keyof typeof contract];

const production = { environment: "production" };
const source = { type: "folder" as const, path: "/nowhere", dir: "" };

/** An input for every procedure that names things of another team wherever it can. A new procedure does not compile without its row. */
const inputs: Record<ProcedurePath, (foreign: Foreign) => unknown> = {
  "system.info": () => undefined,
  "system.doctor": () => undefined,
  "system.clean": () => undefined,
  "system.supportBundle": () => undefined,
  "system.shutdown": () => ({ apps: "keep" }),
  "auth.me": () => undefined,
  "auth.createSignInCode": () => undefined,
  "auth.sessions": () => undefined,
  "auth.signOut": () => undefined,
  "auth.signOutEverywhere": () => ({}),
  "auth.revoke": ({ session }) => ({ id: session }),
  "accounts.list": () => undefined,
  "accounts.createGithubApp": () => ({}),
  "accounts.connectOauthClient": () => ({ clientId: "client-of-mine", clientSecret: "secret-of-mine" }),
  "accounts.connectToken": () => ({ token: "a-token-of-some-length" }),
  "accounts.replaceToken": ({ account }) => ({ account, token: "evil-token-of-some-length" }),
  "accounts.signIn": ({ account }) => ({ account }),
  "accounts.flow": ({ flow }) => ({ flow }),
  "accounts.check": ({ account }) => ({ account }),
  "accounts.installations": ({ account }) => ({ account }),
  "accounts.rename": ({ account }) => ({ account, name: "evil" }),
  "accounts.signOut": ({ account }) => ({ account }),
  "accounts.disconnect": ({ account }) => ({ account }),
  "repositories.list": ({ account }) => ({ account }),
  "repositories.branches": ({ account }) => ({ account, repository: 1 }),
  "projects.list": () => ({}),
  "projects.get": ({ project }) => ({ project }),
  "projects.ensure": () => ({ source, name: "fresh-one" }),
  "projects.update": ({ project }) => ({ project, settings: { start: "evil" } }),
  "projects.setGitToken": ({ project }) => ({ project, token: "evil-token-of-some-length" }),
  "projects.rename": ({ project }) => ({ project, name: "evil" }),
  "projects.destroy": ({ project }) => ({ project, confirm: "canary-project" }),
  "projects.plan": () => ({ source }),
  "samples.list": () => undefined,
  "samples.deploy": () => ({ sample: "static-site" }),
  "sources.resolve": () => ({ text: "owner/repo" }),
  "sources.review": ({ project }) => ({ source, project }),
  "sources.refs": ({ project }) => ({ url: "https://example.invalid/a.git", project }),
  "sources.folders": () => ({}),
  "sources.recent": () => ({}),
  "environments.create": ({ project }) => ({ project, name: "evil" }),
  "environments.get": ({ project }) => ({ project, ...production }),
  "environments.stop": ({ project }) => ({ project, ...production }),
  "environments.start": ({ project }) => ({ project, ...production }),
  "environments.resume": ({ project }) => ({ project, ...production }),
  "environments.variables": ({ project }) => ({ project, ...production }),
  "environments.setVariables": ({ project }) => ({
    project,
    ...production,
    set: { EVIL: { value: "1", scope: "run" } },
  }),
  "environments.configure": ({ project }) => ({ project, ...production, secrets: { EVIL: { value: "1" } } }),
  "environments.setSecrets": ({ project }) => ({ project, ...production, set: { EVIL: { value: "1" } } }),
  "deployments.create": ({ project }) => ({ project }),
  "deployments.list": ({ project }) => ({ project }),
  "deployments.recent": () => ({}),
  "deployments.get": ({ deployment }) => ({ deployment }),
  "deployments.timeline": ({ deployment }) => ({ deployment }),
  "deployments.configuration": ({ deployment }) => ({ deployment }),
  "deployments.cancel": ({ deployment }) => ({ deployment }),
  "deployments.redeploy": ({ own, deployment }) => ({ project: own.project, deployment }),
  "deployments.rollback": ({ own, deployment }) => ({ project: own.project, to: deployment }),
  "deployments.previewRollback": ({ own, deployment }) => ({ project: own.project, to: deployment }),
  "deployments.fix": ({ deployment }) => ({ deployment }),
  "deployments.diff": ({ deployment }) => ({ deployment }),
  "logs.build": ({ deployment }) => ({ deployment, part: "prepare" }),
  "logs.run": ({ own, release }) => ({ project: own.project, ...production, release }),
  "logs.searchBuild": ({ deployment }) => ({ deployment, part: "start", grep: "canary" }),
  "logs.searchRun": ({ own, release }) => ({ project: own.project, ...production, release, grep: "canary" }),
  "live.open": ({ deployment }) => ({ subscriptions: [{ type: "deployment", key: "d", deployment }] }),
  "live.change": () => ({ stream: newId("stream") }),
  "events.status": () => undefined,
  "events.deadLetters": () => ({}),
  "events.replay": ({ deadLetter }) => ({ id: deadLetter }),
  "events.discard": ({ deadLetter }) => ({ id: deadLetter }),
  "activity.list": ({ project }) => ({ project }),
  "metrics.query": ({ project }) => ({ project, ...production, since: "2026-01-01T00:00:00Z" }),
  "metrics.top": () => undefined,
};

/** What answers with the caller's own things, or makes one, where another team's id cannot be given. */
const withoutForeignIds = new Set<ProcedurePath>([
  "system.info",
  "system.doctor",
  "system.clean",
  "system.supportBundle",
  "system.shutdown",
  "auth.me",
  "auth.createSignInCode",
  "auth.sessions",
  "auth.signOut",
  "auth.signOutEverywhere",
  "accounts.list",
  "accounts.createGithubApp",
  "accounts.connectOauthClient",
  "accounts.connectToken",
  "projects.list",
  "projects.ensure",
  "projects.plan",
  "samples.list",
  "samples.deploy",
  "deployments.recent",
  "sources.resolve",
  "sources.folders",
  "sources.recent",
  "events.status",
  "events.deadLetters",
  "metrics.top",
]);

const paths = Object.entries(contract).flatMap(([router, procedures]) =>
  // The keys of the contract are what the type says.
  Object.keys(procedures).map((name) => `${router}.${name}` as ProcedurePath),
);
const canary = /canary/;
const otherTeam = "team_other";
let agent: TestAgent;
let foreign: Foreign;

beforeAll(async () => {
  agent = await TestAgent.start();
  const token = await agent.member(otherTeam, "owner");
  const theirs = agent.client(token);
  const { project } = await theirs.projects.ensure({
    source: staticSite(agent, "canary-folder"),
    name: "canary-project",
  });
  const place = { project: project.project.id };
  await theirs.environments.setVariables({
    ...place,
    ...production,
    set: { CANARY: { value: "canary-value", scope: "run" } },
  });
  const bound = await theirs.projects.setGitToken({ ...place, token: "canary-git-token" });
  const deployment = await theirs.deployments.create(place);
  const live = await waitFor("the other team's deployment is live", async () => {
    const found = await theirs.deployments.get({ deployment: deployment.id });
    return found.state === "live" ? found : undefined;
  });
  const own = await agent.client().projects.ensure({ source: staticSite(agent, "own"), name: "own-project" });
  const deadLetter = await buryLetter(project.project.id);
  foreign = {
    project: project.project.id,
    environment: live.environmentId,
    deployment: live.id,
    release: live.releaseId ?? "",
    session: (await theirs.auth.sessions())[0]?.id ?? "",
    deadLetter,
    account: bound.project.credential ?? "",
    flow: (await theirs.accounts.createGithubApp({})).flow,
    own: { project: own.project.project.id, name: "own-project" },
  };
  await quiet();
});

afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

/** Makes a dead letter of the other team through the real bus. */
async function buryLetter(projectId: string): Promise<string> {
  const { bus } = agent.services;
  const stop = new AbortController();
  await bus.subscribe({
    group: "canary-group",
    topics: ["cloudsmith.logs.v1", "cloudsmith.source.v1"],
    handler: () => Promise.reject(new Error("canary failure")),
    signal: stop.signal,
    retries: { attempts: 1, firstMs: 1, maxMs: 1, attemptMs: 1000 },
  });
  await bus.publish([newEvent("project.changed", { teamId: otherTeam, projectId }, { partitionkey: projectId })]);
  const letter = await waitFor("a dead letter", async () => (await bus.deadLetters.list()).items[0]);
  stop.abort();
  return letter.id;
}

/** Everything of the other team as it is stored. */
function theirRows(): unknown {
  const database = new DatabaseSync(agent.paths.database, { readOnly: true });
  try {
    return database
      .prepare(
        "SELECT pk, sk, version, value FROM items WHERE pk LIKE ? AND pk NOT LIKE '%#processed#%' ORDER BY pk, sk",
      )
      .all(`${otherTeam}#%`);
  } finally {
    database.close();
  }
}

/** Waits until what the deployment left to do behind its back is done. */
async function quiet(): Promise<void> {
  let before = "";
  await waitFor(
    "their data at rest",
    () => {
      const now = JSON.stringify(theirRows());
      const same = now === before;
      before = now;
      return same;
    },
    { everyMs: 400 },
  );
}

test("a procedure without a permission does not compile", () => {
  // @ts-expect-error the permission is missing
  const unwritable = () => procedure("GET", "/secret", "Something");
  // @ts-expect-error there is no such permission
  const misspelt = () => procedure("secrets.everything", "GET", "/secret", "Something");
  expect([unwritable, misspelt]).toHaveLength(2);
});

test("only the version and address are told to strangers", () => {
  const open = paths.filter((path) => permissionOf(path) === "public");
  expect(open).toEqual(["system.info"]);
});

test("every procedure but the public one asks for a sign-in", async () => {
  for (const path of paths.filter((each) => permissionOf(each) !== "public")) {
    const { status, body } = await agent.rpc(path, inputs[path](foreign), { authorization: "Bearer nonsense" });
    expect({ path, status, body }).toMatchObject({
      path,
      status: 401,
      body: {
        json: {
          code: "not-signed-in",
          data: {
            code: "not-signed-in",
            message: expect.any(String),
            cause: expect.any(String),
            fix: expect.any(String),
            correlationId: expect.stringMatching(/^evt_/),
          },
        },
      },
    });
  }
});

test("every procedure refuses the role below the one that it needs", async () => {
  const tokens = Object.fromEntries(
    await Promise.all(roles.map(async (role) => [role, await agent.member("team_local", role)] as const)),
  );
  for (const path of paths) {
    const below = roleBelow(permissionOf(path));
    if (below === undefined) continue;
    const { status, body } = await agent.rpc(path, inputs[path](foreign), { authorization: `Bearer ${tokens[below]}` });
    expect({ path, status, body }).toMatchObject({
      path,
      status: 403,
      body: { json: { data: { code: "forbidden" } } },
    });
  }
});

test("another team's things are not there: nothing is told and nothing changes", async () => {
  const before = theirRows();
  for (const path of paths) {
    if (path === "system.shutdown" || path === "live.open" || path === "auth.signOut") continue;
    const { status, text } = await agent.rpc(path, inputs[path](foreign));
    expect.soft(text, `${path} leaks`).not.toMatch(canary);
    if (!withoutForeignIds.has(path)) expect.soft(status, `${path}: ${text}`).toBe(404);
  }
  const stream = await agent.client().live.open({
    subscriptions: [
      { type: "deployment", key: "theirs", deployment: foreign.deployment },
      { type: "run-log", key: "log", project: foreign.project },
    ],
  });
  const failed: unknown[] = [];
  for await (const message of stream) {
    expect(JSON.stringify(message)).not.toMatch(canary);
    if (message.type === "failed") failed.push(message.error.code);
    if (failed.length === 2) break;
  }
  expect(failed).toEqual(["not-found", "not-found"]);
  expect(theirRows()).toEqual(before);
  expect((await agent.services.bus.deadLetters.list()).items.map(({ id }) => id)).toContain(foreign.deadLetter);
});

test("a name finds only what the caller's own team has", async () => {
  const asked = await agent
    .client()
    .projects.get({ project: "canary-project" })
    .catch((error: unknown) => error);
  expect(asked).toMatchObject({ code: "not-found" });
});

function permissionOf(path: ProcedurePath): Permission {
  const [router = "", name = ""] = path.split(".");
  const routers: Record<string, Record<string, { "~orpc": { meta: { permission: Permission } } }>> = contract;
  const found = routers[router]?.[name];
  if (found === undefined) throw new Error(`no procedure ${path}`);
  return found["~orpc"].meta.permission;
}

/** The highest role that a permission leaves out. */
function roleBelow(permission: Permission): Role | undefined {
  return roles.find((role) => !roleAllows(role, permission));
}
