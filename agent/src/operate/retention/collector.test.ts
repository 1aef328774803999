import { localTeam } from "@cloudsmith/authspire";
import { isSettled, type Deployment } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { staticSite } from "../../testing/sites.ts";
import { TestAgent } from "../../testing/test-agent.ts";
import { Collector, type CollectorOptions } from "./collector.ts";

const { teamId } = localTeam;
const production = { environment: "production" };
/** Later than any grace. */
const tomorrow = (): Date => new Date(Date.now() + 24 * 3600_000);
let agent: TestAgent;
beforeAll(async () => {
  agent = await TestAgent.start();
});
afterEach(() => rmSync(agent.paths.settings, { force: true }));
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

function collector(options: Partial<CollectorOptions> = {}): Collector {
  const { store, blobs, logs, secrets } = agent.services;
  return new Collector({
    paths: agent.paths,
    store,
    blobs,
    logs,
    secrets,
    teams: [teamId],
    prune: () => Promise.resolve(),
    programs: () => [],
    now: tomorrow,
    signal: new AbortController().signal,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

function keep(retention: Record<string, number>): void {
  writeFileSync(agent.paths.settings, JSON.stringify({ retention }));
}

async function settled(id: string): Promise<Deployment> {
  const client = agent.client();
  return waitFor(
    "it has settled",
    async () => {
      const found = await client.deployments.get({ deployment: id });
      return isSettled(found.state) ? found : undefined;
    },
    { timeoutMs: 30_000 },
  );
}

/** Deploys a site in so many versions, one after the other. */
async function versions(name: string, count: number): Promise<Deployment[]> {
  const client = agent.client();
  const made: Deployment[] = [];
  await client.projects.ensure({ source: staticSite(agent, name, "version 0"), name });
  for (let version = 1; version <= count; version++) {
    staticSite(agent, name, `version ${version}`);
    made.push(await settled((await client.deployments.create({ project: name })).id));
  }
  return made;
}

/** What of a deployment is still there, by kind. */
async function partsOf(deployment: Deployment): Promise<string[]> {
  const { store, blobs, logs } = agent.services;
  const { id, projectId, snapshotId, releaseId, buildId, sourceId, artifact } = deployment;
  const source = await store.get("source", { teamId, projectId, id: sourceId ?? "none" });
  const is: Record<string, boolean> = {
    deployment: (await store.get("deployment", { teamId, id })) !== undefined,
    timeline: (await store.list("timelineOfDeployment", { teamId, deploymentId: id })).items.length > 0,
    snapshot: (await store.get("snapshot", { teamId, id: snapshotId })) !== undefined,
    release: (await store.get("release", { teamId, id: releaseId ?? "none" })) !== undefined,
    jobs: (await store.list("jobsOfSubject", { teamId, subject: id })).items.length > 0,
    build: (await store.get("build", { teamId, id: buildId ?? "none" })) !== undefined,
    "build log": (await logs.read({ teamId, id: `build/${buildId}` }, { limit: 1 })).total > 0,
    source: source !== undefined,
    "source blob":
      source !== undefined && (await blobs.stat({ teamId, kind: "source" }, source.value.digest)) !== undefined,
    "artifact blob": artifact !== null && (await blobs.stat({ teamId, kind: "artifact" }, artifact)) !== undefined,
  };
  return Object.keys(is).filter((kind) => is[kind]);
}

const whole = [
  "deployment",
  "timeline",
  "snapshot",
  "release",
  "jobs",
  "build",
  "build log",
  "source",
  "source blob",
  "artifact blob",
];

async function page(project: string): Promise<string> {
  const { plainUrl } = await agent.client().environments.get({ project, ...production });
  return (await fetch(plainUrl ?? "")).text();
}

test("older deployments go with all that was written about them; what runs and what one can go back to stays", async () => {
  const client = agent.client();
  const made = await versions("history", 9);
  keep({ deployments: 5, artifacts: 2 });
  const { records, freedBytes } = await collector().run("routine");
  expect(records).toBeGreaterThan(8);
  expect(freedBytes).toBeGreaterThan(0);
  const left = await Promise.all(made.map(partsOf));
  expect(left.slice(0, 4)).toEqual([[], [], [], []]);
  expect(left.slice(4, 6)).toEqual(Array.from({ length: 2 }, () => whole.filter((kind) => kind !== "artifact blob")));
  expect(left.slice(6)).toEqual([whole, whole, whole]);
  expect(await page("history")).toContain("version 9");
  const { items } = await client.deployments.list({ project: "history" });
  expect(items.map((each) => each.sequence)).toEqual([9, 8, 7, 6, 5]);

  await expect(client.deployments.rollback({ project: "history", to: "5" })).rejects.toMatchObject({
    code: "nothing-to-roll-back",
    message: expect.stringContaining("not kept any more"),
    data: { fix: expect.stringContaining("cloudsmith redeploy history --deployment 5") },
  });
  await expect(client.deployments.rollback({ project: "history", to: "2" })).rejects.toMatchObject({
    code: "not-found",
    data: { cause: "Only the newest deployments are kept" },
  });
  const again = await client.deployments.redeploy({ project: "history", deployment: made[4]?.id ?? "" });
  expect(await settled(again.id)).toMatchObject({ state: "live", buildReused: false });
  await waitFor("it is switched to", async () => (await page("history")).includes("version 5"));
  const back = await client.deployments.rollback({ project: "history", to: "7" });
  expect((await settled(back.id)).state).toBe("live");
  await waitFor("it is switched to", async () => (await page("history")).includes("version 7"));
});

test("stopped anywhere, what is left is whole, and the next collection takes the rest", async () => {
  const made = await versions("broken-off", 8);
  keep({ deployments: 5, artifacts: 2 });
  // Each run gets a little further before it is stopped.
  for (let steps = 1; steps < 60; steps++) {
    const stop = new AbortController();
    let left = steps;
    const { store } = agent.services;
    const counted = new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name === "commit" && --left < 0) stop.abort();
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const run = collector({ store: counted, signal: stop.signal }).run("routine");
    const ended = await run.then(
      () => true,
      () => false,
    );
    for (const deployment of made) {
      const parts = await partsOf(deployment);
      if (parts.includes("deployment"))
        expect(parts).toEqual(expect.arrayContaining(["timeline", "snapshot", "release", "build", "source"]));
    }
    if (ended) break;
  }
  expect((await Promise.all(made.map(partsOf))).slice(0, 3)).toEqual([[], [], []]);
  expect(await page("broken-off")).toContain("version 8");
});

test("a rollback that comes in the middle of a collection is live, or told that there is nothing to go back to", async () => {
  const client = agent.client();
  const made = await versions("crossed", 7);
  keep({ deployments: 5, artifacts: 2 });
  const collecting = collector().run("routine");
  const asked = await Promise.allSettled(
    made.slice(0, 5).map(({ id }) => client.deployments.rollback({ project: "crossed", to: id })),
  );
  await collecting;
  const known = new Set(["not-found", "nothing-to-roll-back", "conflict"]);
  const ends = await Promise.all(
    asked.map(async (each) =>
      each.status === "rejected" ? String(Reflect.get(each.reason, "code")) : (await settled(each.value.id)).state,
    ),
  );
  expect(ends.filter((end) => !known.has(end) && end !== "superseded" && end !== "live")).toEqual([]);
  await waitFor("an answer", async () => (await page("crossed")).includes("version"));
});

test("what is young stays, and blobs that nobody names go once they are not", async () => {
  const { blobs } = agent.services;
  const scope = { teamId, kind: "artifact" as const };
  const stray = await blobs.put(scope, Readable.from(["nobody names this"]));
  const made = await versions("young", 7);
  keep({ deployments: 5, artifacts: 2 });
  await collector({ now: () => new Date() }).run("routine");
  expect(await blobs.stat(scope, stray.digest)).toBeDefined();
  expect(await Promise.all(made.map(partsOf))).toEqual(made.map(() => whole));
  await collector().run("routine");
  expect(await blobs.stat(scope, stray.digest)).toBeUndefined();
});

test("values of secrets go once no deployment that is kept and no environment names them", async () => {
  const client = agent.client();
  await versions("sealed", 1);
  const where = { project: "sealed", ...production };
  const named: string[] = [];
  for (let value = 1; value <= 8; value++) {
    const view = await client.environments.setSecrets({ ...where, set: { TOKEN: { value: `value ${value}` } } });
    named.push(view.environment.secrets["TOKEN"]?.version ?? "");
    // The third is never deployed.
    if (value !== 3) await settled((await client.deployments.redeploy({ project: "sealed" })).id);
  }
  keep({ deployments: 5, artifacts: 2 });
  await collector().run("routine");
  const left = await agent.services.secrets.get({ teamId }, named);
  expect(named.map((id) => left.has(id))).toEqual([false, false, false, true, true, true, true, true]);
});

test("activity is kept as long as it is asked for", async () => {
  const { store } = agent.services;
  const actor = { type: "system" as const, id: "test", name: "test" };
  const old = Array.from({ length: 200 }, (_, index) => ({
    id: `act_00000000000000000000000${String(index).padStart(3, "0")}`,
    teamId,
    at: "2020-01-01T00:00:00.000Z",
    actor,
    action: "tests.old",
    projectId: null,
    subject: "",
    detail: "",
  }));
  for (let first = 0; first < old.length; first += 50)
    await store.commit({
      puts: old.slice(first, first + 50).map((value) => ({ entity: "activity", value, if: "absent" })),
    });
  const before = (await agent.client().activity.list({ limit: 500 })).items.filter(
    ({ action }) => action !== "tests.old",
  );
  await collector().run("routine");
  const { items } = await agent.client().activity.list({ limit: 500 });
  expect(items).toEqual(before);
});

test("settings that cannot be understood delete nothing, and the doctor says so", async () => {
  const made = await versions("guarded", 6);
  for (const text of ["{", '{"retention":{"deployments":0}}', '{"retention":{"deployment":5}}']) {
    writeFileSync(agent.paths.settings, text);
    await expect(collector().run("routine")).rejects.toMatchObject({ code: "invalid-input" });
    const check = (await agent.client().system.doctor()).find(({ name }) => name === "settings");
    expect(check).toMatchObject({
      status: "failed",
      message: expect.any(String),
      fix: expect.stringContaining("defaults"),
    });
  }
  expect(await Promise.all(made.map(partsOf))).toEqual(made.map(() => whole));
});

test("a running agent's log is put aside while it writes on", async () => {
  const { agentLog } = agent.paths;
  writeFileSync(agentLog, `${"x".repeat(11 * 1024 ** 2)}\n`);
  await collector().run("routine");
  expect(readFileSync(agentLog, "utf8")).toBe("");
  expect(existsSync(`${agentLog}.1`)).toBe(true);
});

test("the agent collects by itself, and ends in the middle of it when it is stopped", async () => {
  const stop = new AbortController();
  let runs = 0;
  const loop = collector({
    signal: stop.signal,
    minutes: { first: 0.0001, between: 0.0001 },
    prune: () => {
      runs += 1;
      return Promise.resolve();
    },
  }).loop();
  await waitFor("two collections", () => runs >= 2);
  stop.abort();
  await loop;
});
