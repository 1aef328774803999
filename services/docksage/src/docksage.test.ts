import { cancelDeployment, jobId } from "@cloudsmith/deployments";
import { newEvent } from "@cloudsmith/events";
import type { Deployment, Environment } from "@cloudsmith/contracts";
import { freePort, waitFor } from "@cloudsmith/testkit";
import { DatabaseSync } from "node:sqlite";
import { readdir, rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyFile, openFileSecrets } from "@cloudsmith/secrets";
import { LocalTarget } from "./targets/local/local-target.ts";
import { answering, Installation, nodeApp, type Owned } from "./testing/installation.ts";

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.start({ releaseCommandSeconds: 2 });
});
afterAll(() => installation[Symbol.asyncDispose]());

let count = 0;
const project = (): Promise<Owned> => installation.project(`app-${++count}`);

async function releaseOf(deployment: Deployment) {
  const stored = await installation.store.get("release", {
    teamId: deployment.teamId,
    id: deployment.releaseId ?? "",
  });
  if (stored === undefined) throw new Error("it has no release");
  return stored.value;
}

const isLogEnded = async (id: string): Promise<boolean> =>
  (await installation.logs.read({ teamId: installation.teamId, id }, { limit: 1 })).ended;

test("a deployment goes live, the next one takes over, and the one before retires with its log ended", async () => {
  const owned = await project();
  const first = await installation.deploy(owned, nodeApp(`console.log("hello");${answering("one")}`));
  expect(first).toMatchObject({ state: "live", warnings: [] });
  await installation.answers(owned, "200 one");
  const second = await installation.deploy(owned, nodeApp(answering("two")));
  expect(second.state).toBe("live");
  await installation.answers(owned, "200 two");
  const old = await waitFor("the first release to stop", async () => {
    const release = await releaseOf(first);
    return release.retiredAt !== null && release.observed.state === "stopped" ? release : undefined;
  });
  expect(old.observed).toMatchObject({ url: null, port: null });
  await waitFor("its log to end", () => isLogEnded(`release/${old.id}`));
});

test("a first deployment that answers only errors is live with a warning; a next one that does so is not switched to", async () => {
  const owned = await project();
  const first = await installation.deploy(owned, nodeApp(answering("broken", 500)));
  expect(first.state).toBe("live");
  expect(first.warnings).toMatchObject([{ code: "health-server-error" }]);
  const good = await installation.deploy(owned, nodeApp(answering("good")));
  expect(good).toMatchObject({ state: "live", warnings: [] });
  const bad = await installation.deploy(owned, nodeApp(answering("broken again", 503)));
  expect(bad).toMatchObject({ state: "failed", failure: { stage: "verifying" } });
  expect(bad.failure?.code).toMatch(/health-server-error|database|crashed/);
  await installation.answers(owned, "200 good");
  expect((await releaseOf(bad)).retiredAt).not.toBeNull();
});

test("a first deployment whose page fails is live, and its warning tells the cause that its log names", async () => {
  const owned = await project();
  const failing = `import { createServer } from "node:http";
createServer((request, response) => {
  console.error("Error: connect ECONNREFUSED 127.0.0.1:5432");
  response.writeHead(500).end("sorry");
}).listen(process.env.PORT);`;
  const { state, warnings } = await installation.deploy(owned, nodeApp(failing));
  expect({ state, warnings }).toMatchObject({ state: "live", warnings: [{ code: "database-refused" }] });
});

test("an app that allows localhost only answers under its own address, and its person is told", async () => {
  const owned = await project();
  const strict = `import { createServer } from "node:http";
createServer(({ headers }, response) => {
  const allowed = headers.host.startsWith("127.0.0.1:");
  response.writeHead(allowed ? 200 : 400).end(allowed ? "for " + (headers["x-forwarded-host"] ?? "nobody").split(".")[0] : "<h1>Bad Request (400)</h1>");
}).listen(process.env.PORT);`;
  const { state, warnings } = await installation.deploy(owned, nodeApp(strict));
  expect({ state, warnings }).toMatchObject({ state: "live", warnings: [{ code: "host-not-allowed" }] });
  await installation.answers(owned, "200 for 127");
});

test("an app that allows localhost only and has no page at / is reached as localhost too", async () => {
  const owned = await project();
  const strict = `import { createServer } from "node:http";
createServer(({ headers }, response) => response.writeHead(headers.host.startsWith("localhost:") ? 404 : 400).end("<h1>Bad Request (400)</h1>")).listen(process.env.PORT);`;
  const { state, warnings } = await installation.deploy(owned, nodeApp(strict));
  expect({ state, warnings }).toMatchObject({ state: "live", warnings: [{ code: "host-not-allowed" }] });
  await installation.answers(owned, "404 <h1>Bad Request (400)</h1>");
});

test("an app that allows neither its own host nor localhost is live, and its person is told", async () => {
  const owned = await project();
  const strict = `import { createServer } from "node:http";
createServer((request, response) => response.writeHead(400).end("<h1>Bad Request (400)</h1>")).listen(process.env.PORT);`;
  const { state, warnings } = await installation.deploy(owned, nodeApp(strict));
  expect({ state, warnings }).toMatchObject({ state: "live", warnings: [{ code: "host-not-allowed" }] });
});

test("a crash at the start is told with its cause, and nothing of it keeps running", async () => {
  const owned = await project();
  const failed = await installation.deploy(owned, nodeApp(`import "left-pad-that-is-not-there";${answering("never")}`));
  expect(failed).toMatchObject({
    state: "failed",
    failure: { stage: "verifying", code: "module-missing-in-production" },
  });
  await waitFor(
    "its process to be forgotten",
    () => installation.target.observed(failed.releaseId ?? "") === undefined,
  );
  expect((await installation.environment(owned)).live).toBeNull();
});

test("a release command runs before the switch, sees the persistent folder, and may refuse", async () => {
  const owned = await project();
  const migrate = `import { DatabaseSync } from "node:sqlite";
const db = new DatabaseSync("data/app.sqlite"); db.exec("CREATE TABLE IF NOT EXISTS runs (at)"); db.exec("INSERT INTO runs VALUES (1)");`;
  const settings = { release: "node migrate.mjs", persist: "data" };
  const more = { "migrate.mjs": migrate, "data/.keep": "" };
  for (const text of ["one", "two"])
    expect((await installation.deploy(owned, nodeApp(answering(text), settings, more))).state).toBe("live");
  const database = new DatabaseSync(
    installation.dir.file("apps", "persistent", owned.environment.id, "data", "app.sqlite"),
  );
  expect(database.prepare("SELECT count(*) AS n FROM runs").get()).toEqual({ n: 2 });
  database.close();

  const refusing = { ...more, "migrate.mjs": `console.error("no such table: people"); process.exit(3);` };
  const failed = await installation.deploy(owned, nodeApp(answering("three"), settings, refusing));
  expect(failed).toMatchObject({ state: "failed", failure: { stage: "releasing" } });
  await installation.answers(owned, "200 two");
  expect(await isLogEnded(`release-step/${failed.id}`)).toBe(true);

  const hanging = { ...more, "migrate.mjs": "setInterval(() => undefined, 1000);" };
  const late = await installation.deploy(owned, nodeApp(answering("four"), settings, hanging));
  expect(late).toMatchObject({ state: "failed", failure: { stage: "releasing", code: "release-timeout" } });
});

test("an app that insists on one port takes it over from the version before", async () => {
  const owned = await project();
  const port = await freePort();
  expect((await installation.deploy(owned, nodeApp(answering("one", 200, String(port))))).state).toBe("live");
  await installation.answers(owned, "200 one");
  const second = await installation.deploy(owned, nodeApp(answering("two", 200, String(port))));
  expect(second.state).toBe("live");
  expect((await releaseOf(second)).exclusive).toBe(true);
  await installation.answers(owned, "200 two");
});

test("a cancel while it is being verified ends it and leaves the live one alone", async () => {
  const owned = await project();
  await installation.deploy(owned, nodeApp(answering("good")));
  const build = await installation.build(owned.project, nodeApp("setInterval(() => undefined, 1000);"));
  const id = await installation.release(owned, build);
  await waitFor("it to be verified", async () => (await installation.deployment(id)).state === "verifying");
  await cancelDeployment(installation.store, { teamId: installation.teamId, deploymentId: id });
  expect((await installation.settled(id)).state).toBe("canceled");
  await waitFor("its release to be gone", async () => {
    const { releaseId } = await installation.deployment(id);
    return installation.target.observed(releaseId ?? "") === undefined;
  });
  expect(await installation.ask(owned)).toBe("200 good");
});

test("an event that comes after the reconciler made its job is handled and holds nothing up", async () => {
  const owned = await project();
  const build = await installation.build(
    owned.project,
    nodeApp(`await new Promise((done) => setTimeout(done, 3000));${answering("late")}`),
  );
  const id = await installation.release(owned, build);
  const { teamId, projectId, environmentId, state } = await installation.deployment(id);
  await waitFor("its job", () => installation.store.get("job", { teamId, id: jobId("release", id) }));
  const data = { teamId, projectId, environmentId, deploymentId: id, state, version: 1 };
  // Its handling ends long before the app has started: a job that is put a second time would be tried again and again.
  await installation.bus.publish([newEvent("deployment.built", data, { partitionkey: environmentId })]);
  await waitFor("every event to be handled", async () => (await installation.bus.lag("docksage")) === 0);
  expect((await installation.deployment(id)).settledAt).toBeNull();
  await installation.answers(owned, "200 late");
  expect((await installation.bus.deadLetters.list()).items).toEqual([]);
});

test("an older deployment that is still on its way is superseded once a newer one is live", async () => {
  const owned = await project();
  const slow = await installation.build(owned.project, nodeApp("setInterval(() => undefined, 1000);"));
  const fast = await installation.build(owned.project, nodeApp(answering("fast")));
  const old = await installation.release(owned, slow);
  await waitFor("the old one to be verified", async () => (await installation.deployment(old)).state === "verifying");
  const fresh = await installation.release(owned, fast);
  expect((await installation.settled(fresh)).state).toBe("live");
  expect(await installation.settled(old)).toMatchObject({ state: "superseded", supersededBy: fresh });
  const { releaseId } = await installation.deployment(old);
  await waitFor("the old process to be gone", () => installation.target.observed(releaseId ?? "") === undefined);
  expect(await installation.ask(owned)).toBe("200 fast");
});

test("a rollback needs no build, and an artifact that is gone is told", async () => {
  const owned = await project();
  const first = await installation.deploy(owned, nodeApp(answering("one")));
  await installation.deploy(owned, nodeApp(answering("two")));
  const back = await installation.request(owned.project, owned.environment, {
    trigger: "rollback",
    reuse: { deployment: first, what: "artifact" },
  });
  expect((await installation.settled(back.id)).state).toBe("live");
  await installation.answers(owned, "200 one");

  const build = await installation.build(owned.project, nodeApp(answering("three")));
  await installation.blobs.delete({ teamId: installation.teamId, kind: "artifact" }, build.artifact ?? "");
  await rm(installation.dir.file("cache", "artifacts"), { recursive: true, force: true });
  for (const name of await readdir(installation.dir.file("cache")))
    if (name !== "toolchains") await rm(installation.dir.file("cache", name), { recursive: true, force: true });
  const id = await installation.release(owned, build);
  expect(await installation.settled(id)).toMatchObject({ state: "failed", failure: { code: "artifact-missing" } });
  expect(await installation.ask(owned)).toBe("200 one");
});

test("stopped means that nothing runs, started that it answers again", async () => {
  const owned = await project();
  const live = await installation.deploy(owned, nodeApp(answering("up")));
  await installation.answers(owned, "200 up");
  await installation.change(owned, { desired: "stopped" });
  await waitFor("it to be seen stopped", async () => (await releaseOf(live)).observed.state === "stopped");
  expect(await installation.ask(owned)).toMatch(/^50\d /);
  await installation.change(owned, { desired: "running" });
  await installation.answers(owned, "200 up");
  await waitFor("it to be seen healthy", async () => (await releaseOf(live)).observed.state === "healthy");
});

test("a keeper that is killed is started again and brings the apps back", async () => {
  const owned = await project();
  const live = await installation.deploy(owned, nodeApp(answering("still here")));
  await installation.answers(owned, "200 still here");
  const { pid } = await (await installation.target.keeper()).status();
  process.kill(pid, "SIGKILL");
  await waitFor("another keeper", async () => (await (await installation.target.keeper()).status()).pid !== pid, {
    timeoutMs: 20_000,
  });
  await waitFor("the app to answer", async () => (await installation.ask(owned)) === "200 still here", {
    timeoutMs: 20_000,
  });
  await waitFor("it to be seen healthy", async () => (await releaseOf(live)).observed.state === "healthy");
});

test("a release that nobody retired is found and retired", async () => {
  const owned = await project();
  const build = await installation.build(owned.project, nodeApp("setInterval(() => undefined, 1000);"));
  const id = await installation.release(owned, build);
  await waitFor("it to be verified", async () => (await installation.deployment(id)).state === "verifying");
  // Settled behind its worker's back, as a reconciler does.
  const stored = await installation.store.get("deployment", { teamId: installation.teamId, id });
  if (stored === undefined) throw new Error("it is gone");
  const value: Deployment = { ...stored.value, state: "failed", settledAt: new Date().toISOString() };
  await installation.store.commit({ puts: [{ entity: "deployment", value, if: "present" }] });
  const release = await waitFor("the release to be retired", async () => {
    const found = await releaseOf(value);
    return found.retiredAt === null ? undefined : found;
  });
  await waitFor("its process to be gone", () => installation.target.observed(release.id) === undefined);
});

test("an app that runs goes on while its secrets cannot be read, and other apps are deployed", async () => {
  const owned = await project();
  const version = "sec_locked00001";
  await installation.secrets.put({ teamId: installation.teamId }, version, "hunter2");
  await installation.change(owned, { secrets: { TOKEN: { version, scope: "run" } } });
  await installation.deploy(owned, nodeApp(answering("with a secret")));
  await installation.answers(owned, "200 with a secret");
  const stop = new AbortController();
  const errors: unknown[] = [];
  // What an agent that was started again would be: it knows nothing but the store.
  const restarted = new LocalTarget({
    store: installation.store,
    blobs: installation.blobs,
    secrets: openFileSecrets({
      dir: installation.dir.file("secrets"),
      keyProvider: keyFile(installation.dir.file("another-key")),
    }),
    dir: installation.dir.file("apps"),
    cacheDir: installation.dir.file("cache"),
    signal: stop.signal,
    onError: (error) => errors.push(error),
    connectKeeper: (signal) => installation.connectKeeper(signal),
  });
  await restarted.converge();
  expect(errors[0]).toMatchObject({ code: "locked" });
  expect(await installation.ask(owned)).toBe("200 with a secret");
  stop.abort();
  await restarted.stopped();
  const other = await project();
  expect((await installation.deploy(other, nodeApp(answering("another")))).state).toBe("live");
  expect(await installation.ask(owned)).toBe("200 with a secret");
});

/** Every item of the store as it lies on the disk. */
function itemsNaming(text: string): string[] {
  const database = new DatabaseSync(installation.dir.file("store.sqlite"), { readOnly: true });
  const rows = database.prepare("SELECT entity, pk, sk, value FROM items").all();
  database.close();
  return rows
    .filter((row) => Object.values(row).some((value) => String(value).includes(text)))
    .map((row) => `${String(row["entity"])} ${String(row["sk"])}`);
}

test("a destroy during a deployment leaves nothing: no item, log, secret, folder or process", async () => {
  const owned = await project();
  const secret = "sec_destroy0001";
  const scope = { teamId: installation.teamId };
  await installation.secrets.put(scope, secret, "hunter2");
  const secrets: Environment["secrets"] = { TOKEN: { version: secret, scope: "run" } };
  await installation.store.commit({
    puts: [
      {
        entity: "secretVersion",
        if: "absent",
        value: {
          id: secret,
          teamId: installation.teamId,
          environmentId: owned.environment.id,
          name: "TOKEN",
          createdAt: new Date().toISOString(),
          createdBy: { type: "user", id: "user_test", name: "Ada" },
          revokedAt: null,
          successor: null,
        },
      },
    ],
  });
  await installation.change(owned, { secrets });
  const settings = { persist: "data", release: "node migrate.mjs" };
  const more = { "migrate.mjs": "console.log('migrated')" };
  const live = await installation.deploy(owned, nodeApp(answering("bye"), settings, more));
  expect(live.state).toBe("live");
  await installation.answers(owned, "200 bye");
  const build = await installation.build(owned.project, nodeApp("setInterval(() => undefined, 1000);"));
  const underWay = await installation.release(owned, build);
  await waitFor("it to be verified", async () => (await installation.deployment(underWay)).state === "verifying");
  const { releaseId } = await installation.deployment(underWay);

  await installation.destroy(owned);
  await waitFor("the job to be gone", () => itemsNaming(owned.project.id).length === 0);
  expect(itemsNaming(owned.environment.id)).toEqual([]);
  expect(await installation.secrets.get(scope, [secret])).toEqual(new Map());
  await waitFor("its address to be gone", async () => (await installation.ask(owned)) === "no route");
  const left = await readdir(installation.dir.path, { recursive: true });
  const names = [live.id, live.releaseId, underWay, releaseId, owned.environment.id, owned.project.id, secret];
  expect(left.filter((path) => names.some((name) => name !== null && path.includes(name)))).toEqual([]);
});
