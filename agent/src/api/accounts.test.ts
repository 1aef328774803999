import type { RepositoryView } from "@cloudsmith/contracts/api";
import { GitHubDouble, waitFor, walk } from "@cloudsmith/testkit";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestAgent } from "../testing/test-agent.ts";

let github: GitHubDouble;
let agent: TestAgent;
beforeEach(async () => {
  github = await GitHubDouble.start();
  agent = await TestAgent.start({ github: github.bases });
});
afterEach(async () => {
  await agent?.[Symbol.asyncDispose]();
  await github?.[Symbol.asyncDispose]();
});

const page = { "index.html": "<!doctype html><title>Private</title><p>from a private repository" };
const isOwnPage = (url: URL): boolean => url.hostname === "cloudsmith.localhost";

/** Creates an app of the person's own, signs in and installs it, as in a browser. */
async function connectApp(): Promise<string> {
  const { url, flow } = await agent.client().accounts.createGithubApp({ returnTo: "/new" });
  const end = await walk(url, { isEnd: isOwnPage });
  expect(end.url).toBe(`${agent.services.info().url}/new`);
  const { state, account } = await agent.client().accounts.flow({ flow });
  expect(state).toBe("done");
  return account?.id ?? "";
}

async function connectClient(access: "public" | "private"): Promise<string> {
  const { clientId, clientSecret } = github.addOAuthClient();
  const client = agent.client();
  const { url, flow } = await client.accounts.connectOauthClient({ clientId, clientSecret, access });
  await walk(url);
  const { account } = await client.accounts.flow({ flow });
  return account?.id ?? "";
}

async function allRepositories(account?: string, maxAgeSeconds = 300) {
  const items: RepositoryView[] = [];
  for (let cursor: string | undefined; ;) {
    const part = await agent.client().repositories.list({
      maxAgeSeconds,
      ...(account !== undefined && { account }),
      ...(cursor !== undefined && { cursor }),
    });
    items.push(...part.items);
    if (part.cursor === null) return { items, problems: part.problems, total: part.total };
    cursor = part.cursor;
  }
}

async function deployed(project: string) {
  const { id } = await agent.client().deployments.create({ project });
  return settled(id);
}

function settled(deployment: string) {
  return waitFor(
    "the deployment has settled",
    async () => {
      const found = await agent.client().deployments.get({ deployment });
      return found.settledAt === null ? undefined : found;
    },
    { timeoutMs: 60_000 },
  );
}

async function privateProject(account: string) {
  const { id } = await github.addRepository("octocat/shop", page);
  const source = {
    type: "github" as const,
    server: github.bases.web,
    repository: id,
    name: "octocat/shop",
    ref: null,
    dir: "",
  };
  const { project } = await agent.client().projects.ensure({ source, account });
  return { project: project.project.name, repository: id };
}

test("one click makes an app of one's own, signs in and installs it; a private repository is deployed from it", async () => {
  const account = await connectApp();
  const [view] = await agent.client().accounts.list();
  expect(view).toMatchObject({
    id: account,
    kind: "github-app",
    state: "ready",
    login: "octocat",
    readsPrivate: true,
    renewsItself: true,
  });
  expect(await agent.client().accounts.installations({ account })).toMatchObject([
    { owner: "octocat", ownerType: "user", repositories: "all", suspended: false },
  ]);
  const { project } = await privateProject(account);
  const { items } = await allRepositories(account, 0);
  expect(items).toMatchObject([{ owner: "octocat", name: "shop", private: true, defaultBranch: "main" }]);
  expect(await deployed(project)).toMatchObject({ state: "live", failure: null });
  expect(github.fetches.length).toBeGreaterThan(0);
  expect((await agent.client().accounts.list())[0]?.projects).toEqual([project]);
});

test("a repository that is renamed and transferred goes on by its id, and no address of an answer is ever used", async () => {
  const account = await connectApp();
  const { project, repository } = await privateProject(account);
  expect(await deployed(project)).toMatchObject({ state: "live" });
  const moved = github.world.repositories.get(repository);
  if (moved === undefined) throw new Error("it was just made");
  moved.owner = github.world.addOrganization("acme", ["octocat"]);
  moved.name = "store";
  github.install([...github.world.apps.keys()][0] ?? "", "acme");
  github.fetches.length = 0;
  expect(await deployed(project)).toMatchObject({ state: "live" });
  expect(new Set(github.fetches)).toEqual(new Set(["acme/store"]));
});

test("an OAuth client asks for public repositories first, and for private ones when they are wanted", async () => {
  github.world.addRepository("octocat/open", { private: false });
  github.world.addRepository("octocat/hidden");
  const account = await connectClient("public");
  expect((await allRepositories(account)).items.map(({ name }) => name)).toEqual(["open"]);
  const [before] = await agent.client().accounts.list();
  expect(before).toMatchObject({ scopes: [], readsPrivate: false, renewsItself: false });
  const { url } = await agent.client().accounts.signIn({ account, access: "private" });
  expect(new URL(url).searchParams.get("scope")).toContain("repo");
  await walk(url);
  expect((await allRepositories(account)).items.map(({ name }) => name).toSorted()).toEqual(["hidden", "open"]);
});

test("a fine-grained token is checked when it is pasted: whose it is, when it ends and what it reads", async () => {
  const open = github.world.addRepository("octocat/open", { private: false });
  const hidden = github.world.addRepository("octocat/hidden");
  const user = github.world.owner("octocat");
  const expiresAt = Date.parse("2099-01-02T03:04:05.000Z");
  const repositories = new Set([open.id, hidden.id]);
  const good = github.world.addToken({ user, kind: "fine-grained", repositories, expiresAt });
  const blind = github.world.addToken({ user, kind: "fine-grained", repositories, contents: false });
  const client = agent.client();
  const kept = await client.accounts.connectToken({ token: good.value });
  expect(kept).toMatchObject({ kind: "token", login: "octocat", expiresAt: "2099-01-02T03:04:05.000Z" });
  expect(kept.notes).toEqual(["It lists 2 repositories, 1 of them private"]);
  await expect(client.accounts.connectToken({ token: blind.value })).rejects.toMatchObject({
    code: "github-refused",
    data: { fix: expect.stringContaining("Contents: read-only") },
  });
  await expect(client.accounts.connectToken({ token: "github_pat_mistyped" })).rejects.toMatchObject({
    code: "github-refused",
    message: "GitHub does not know this token",
  });
  expect(await client.accounts.list()).toHaveLength(1);
});

test("a token that was revoked at GitHub says what to do, keeps what is live and what is known deployable, and a new sign-in heals it", async () => {
  const account = await connectApp();
  const { project } = await privateProject(account);
  const live = await deployed(project);
  expect(live).toMatchObject({ state: "live" });
  github.revokeEverything();
  expect(await deployed(project)).toMatchObject({
    state: "failed",
    failure: { code: "github-signed-out", fix: expect.stringContaining("Sign in again") },
  });
  expect(await agent.client().accounts.list()).toMatchObject([
    { state: "signed-out", problem: { fix: expect.any(String) } },
  ]);
  const view = await agent.client().environments.get({ project, environment: "production" });
  expect(view.liveDeployment?.id).toBe(live.id);
  const again = await agent.client().deployments.redeploy({ project, deployment: live.id });
  expect(await settled(again.id)).toMatchObject({ state: "live" });
  const { url } = await agent.client().accounts.signIn({ account });
  await walk(url);
  expect(await agent.client().accounts.list()).toMatchObject([{ state: "ready", problem: null }]);
  expect(await deployed(project)).toMatchObject({ state: "live" });
});

test("while GitHub is down a deployment says so, and what is live can be deployed again", async () => {
  const account = await connectApp();
  const { project } = await privateProject(account);
  const live = await deployed(project);
  for (const broken of ["error", "reset", "garbage"] as const) {
    github.faults.broken = broken;
    expect(await deployed(project), broken).toMatchObject({
      state: "failed",
      failure: { code: "github-unreachable", fix: expect.any(String) },
    });
  }
  const again = await agent.client().deployments.redeploy({ project, deployment: live.id });
  expect(await settled(again.id)).toMatchObject({ state: "live" });
  expect((await agent.client().accounts.list())[0]).toMatchObject({ state: "ready" });
  github.repair();
  expect(await deployed(project)).toMatchObject({ state: "live" });
}, 120_000);

test("an organization that restricts apps, or asks for a single sign-on, is named with where to put it right", async () => {
  const acme = github.world.addOrganization("acme", ["octocat"]);
  acme.restrictsApps = true;
  github.world.addOrganization("umbrella", ["octocat"]).requiresSso = true;
  github.world.addRepository("acme/secret");
  github.world.addRepository("umbrella/secret");
  github.world.addRepository("octocat/mine");
  const account = await connectClient("private");
  const { items, problems } = await allRepositories(account);
  expect(items.map(({ name }) => name)).toEqual(["mine"]);
  expect(problems).toMatchObject([
    {
      organization: null,
      error: { code: "github-restricted", message: "Some organizations' repositories are hidden" },
    },
    {
      organization: "acme",
      error: { code: "github-restricted", message: "acme does not let this app in" },
      url: `${github.bases.web}/organizations/acme/settings/oauth_application_policy`,
    },
  ]);
});

test("a rate limit is told with the time at which it ends; a short one is waited for", async () => {
  for (let n = 0; n < 250; n++) github.world.addRepository(`octocat/repo-${n}`);
  const account = await connectClient("private");
  github.faults.secondarySeconds = 0;
  github.faults.secondaryTimes = 1;
  expect((await allRepositories(account)).items).toHaveLength(250);
  github.faults.remaining = 1;
  const until = new Date(github.faults.resetAt * 1000);
  const clock = `${String(until.getHours()).padStart(2, "0")}:${String(until.getMinutes()).padStart(2, "0")}`;
  github.world.addRepository("octocat/newest", { pushedAt: "2026-11-01T00:00:00Z" });
  const { items, problems } = await allRepositories(account, 0);
  expect(items).toHaveLength(100);
  expect(problems).toMatchObject([
    { error: { code: "rate-limited", message: `GitHub's rate limit is used up until ${clock}` } },
  ]);
});

test("10,000 repositories come as they are read, each once; what has not changed is not read again", async () => {
  for (let n = 0; n < 10_000; n++) {
    const pushedAt = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
    github.world.addRepository(`octocat/repo-${n}`, { pushedAt });
  }
  const account = await connectClient("private");
  const first = await agent.client().repositories.list({ account, limit: 100 });
  expect(first.items[0]?.name).toBe("repo-9999");
  expect(first.total).toBe(10_000);
  const { items } = await allRepositories(account);
  expect(new Set(items.map(({ id }) => id)).size).toBe(10_000);
  const before = github.faults.remaining;
  expect((await allRepositories(account, 0)).items).toHaveLength(10_000);
  expect(github.notModified).toBe(100);
  // The one that is asked for anew is the list of organizations.
  expect(before - github.faults.remaining).toBeLessThanOrEqual(1);
}, 120_000);

test("branches come with the default one first, in pages, and by their beginning", async () => {
  const branches = new Map(
    Array.from({ length: 230 }, (_, n) => [`feature/${String(n).padStart(3, "0")}`, "b".repeat(40)]),
  );
  branches.set("main", "a".repeat(40));
  const { id: repository } = github.world.addRepository("octocat/shop", { branches });
  const account = await connectClient("private");
  const first = await agent.client().repositories.branches({ account, repository });
  expect(first.items[0]).toEqual({ name: "main", sha: "a".repeat(40), default: true });
  const names = first.items.map(({ name }) => name);
  for (let cursor = first.cursor; cursor !== null;) {
    const next = await agent.client().repositories.branches({ account, repository, cursor });
    names.push(...next.items.map(({ name }) => name));
    cursor = next.cursor;
  }
  expect(names.toSorted()).toEqual([...branches.keys()].toSorted());
  const some = await agent.client().repositories.branches({ account, repository, prefix: "feature/22" });
  expect(some.items).toHaveLength(10);
});

test("a token that is about to end is renewed once, however many ask at the same moment", async () => {
  github.tokenSeconds = 60;
  const account = await connectApp();
  github.tokenSeconds = 28_800;
  github.refreshes = 0;
  await Promise.all(Array.from({ length: 8 }, () => agent.client().accounts.installations({ account })));
  expect(github.refreshes).toBe(1);
  expect(await agent.client().accounts.list()).toMatchObject([{ state: "ready" }]);
});

test("an answer is good once, only for the sign-in that was begun, and one that was canceled says so", async () => {
  const client = agent.client();
  const { url, flow } = await client.accounts.createGithubApp({});
  let callback = "";
  await walk(url, { isEnd: (at) => at.pathname === "/callback" && (callback = at.href) !== "" });
  expect((await fetch(callback, { redirect: "manual" })).status).toBe(303);
  const twice = await fetch(callback, { redirect: "manual" });
  expect(twice.status).toBe(400);
  expect(await twice.text()).toContain("This sign-in cannot go on");
  const forged = new URL(callback);
  forged.searchParams.set("state", "f".repeat(43));
  expect((await fetch(forged, { redirect: "manual" })).status).toBe(400);
  expect((await client.accounts.flow({ flow })).state).toBe("waiting");

  const app = (await client.accounts.list())[0]?.id ?? "";
  const again = await client.accounts.signIn({ account: app });
  expect((await walk(again.url, { cancel: true })).text).toContain("The sign-in was canceled at GitHub");
  expect(await client.accounts.flow({ flow: again.flow })).toMatchObject({
    state: "failed",
    error: { code: "github-refused", fix: expect.any(String) },
  });
});

test("a sign-in comes back to pages of our own and nowhere else", async () => {
  for (const returnTo of ["https://evil.example", "//evil.example", "/\\evil.example", "/a b"])
    await expect(agent.client().accounts.createGithubApp({ returnTo })).rejects.toMatchObject({
      code: "invalid-input",
    });
  const answer = await agent.ask(`/callback/installed?state=${encodeURIComponent("//evil.example")}`);
  expect(answer.headers.location).toBeUndefined();
});

test("signing out revokes the token at GitHub and keeps the app; disconnecting forgets it all", async () => {
  const account = await connectApp();
  const client = agent.client();
  expect(github.world.tokens.size).toBe(1);
  expect(await client.accounts.signOut({ account })).toEqual({ done: true, revoked: true, note: null });
  expect(github.world.tokens.size).toBe(0);
  expect(await client.accounts.list()).toMatchObject([{ id: account, state: "signed-out" }]);
  await walk((await client.accounts.signIn({ account })).url);
  expect(await client.accounts.list()).toMatchObject([{ id: account, state: "ready" }]);
  github.faults.broken = "error";
  const gone = await client.accounts.disconnect({ account });
  expect(gone).toMatchObject({ revoked: false, note: expect.stringContaining("revoke it at") });
  expect(await client.accounts.list()).toEqual([]);
  expect(await readdir(join(agent.paths.secrets, "team_local"))).toEqual([]);
});

test("no token, secret or key is in anything that is written, and none comes out of the API", async () => {
  const account = await connectApp();
  const { project } = await privateProject(account);
  await deployed(project);
  const oauth = await connectClient("private");
  const pat = github.world.addToken({ user: github.world.owner("octocat"), kind: "fine-grained" });
  await agent.client().accounts.connectToken({ token: pat.value });
  await agent.client().projects.setGitToken({ project, token: "canary-git-token-of-a-project" });
  const secrets = [
    ...[...github.world.tokens.values()].flatMap(({ value, refreshToken }) => [value, refreshToken]),
    ...[...github.world.clients.values()].map(({ clientSecret }) => clientSecret),
    ...[...github.world.apps.values()].flatMap(({ pem, webhookSecret }) => [pem.slice(100, 160), webhookSecret]),
    "canary-git-token-of-a-project",
  ].filter((each) => each !== null);
  expect(secrets.length).toBeGreaterThan(8);
  github.revokeEverything();
  await agent.client().accounts.check({ account: oauth });
  const client = agent.client();
  const told = JSON.stringify([
    await client.accounts.list(),
    await client.activity.list({}),
    await client.system.supportBundle(),
    await client.projects.list({}),
    agent.errors,
  ]);
  const files = await readdir(agent.paths.home, { recursive: true, withFileTypes: true });
  for (const file of files.filter((each) => each.isFile())) {
    const bytes = await readFile(join(file.parentPath, file.name), "latin1");
    for (const secret of secrets) expect(bytes.includes(secret), `${file.name} holds a secret`).toBe(false);
  }
  for (const secret of secrets) expect(told).not.toContain(secret);
  for (const request of github.requests) for (const secret of secrets) expect(request).not.toContain(secret);
  await waitFor("nothing is under way", async () =>
    (await client.deployments.list({ project })).items.every((each) => each.settledAt !== null),
  );
});
