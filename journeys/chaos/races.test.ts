import { freePorts, waitFor } from "@cloudsmith/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Follower } from "../support/follow.ts";
import type { Gate } from "../support/gated-app.ts";
import { GitServer } from "../support/git-server.ts";
import { Installation } from "../support/installation.ts";
import { expectLive, expectNothingLeft, expectWholeTimeline } from "../support/invariants.ts";
import { get } from "../support/probe.ts";

let it: Installation;
beforeAll(async () => {
  it = await Installation.start();
});
afterAll(() => it[Symbol.asyncDispose]());

/** Waits until the project's address answers as this version. */
async function answers(project: string, version: string): Promise<void> {
  const url = await it.address(project);
  await waitFor(`${project} to answer as ${version}`, async () => {
    const answer = await get(url);
    return typeof answer !== "string" && answer.status === 200 && answer.body === version;
  });
}

/** Removes a project and waits until nothing of it is left, so that each test begins with an empty installation. */
async function destroy(project: string): Promise<void> {
  await it.client.projects.destroy({ project, confirm: project });
  await waitFor(`${project} to be gone`, async () => !(await names()).includes(project), {
    timeoutMs: 40_000,
    everyMs: 50,
  });
  if ((await names()).length === 0) await expectNothingLeft(it, []);
}

async function names(): Promise<string[]> {
  return (await it.client.projects.list({})).items.map((each) => each.project.name);
}

test("two projects deployed at the same moment both go live", async () => {
  const apps = [it.app("left"), it.app("right")];
  const settled = await Promise.all(apps.map((app) => it.deployAndFollow(app)));
  expect(settled.map((each) => each.state)).toEqual(["live", "live"]);
  for (const { name } of apps) await answers(name, "v1");
  for (const { name } of apps) await destroy(name);
});

test("of two deployments of one project asked for at the same moment the newer one stays live", async () => {
  const app = it.app("twice");
  await it.project(app);
  const followers = await Promise.all([it.deploy("twice"), it.deploy("twice")]);
  const settled = await Promise.all(followers.map((each) => each.settled()));
  const newest = settled.toSorted((a, b) => b.sequence - a.sequence)[0];
  expect(newest?.state).toBe("live");
  expect(settled.map((each) => each.sequence).toSorted((a, b) => a - b)).toEqual([1, 2]);
  if (newest !== undefined) await expectLive(it, "twice", newest);
  for (const each of followers) await expectWholeTimeline(it, each);
  await expectNothingLeft(it, [newest?.releaseId ?? ""]);
  await destroy("twice");
});

test("a slow old build that ends after a rollback is superseded, and the rollback stays live", async () => {
  const app = it.app("slow");
  const first = await it.deployAndFollow(app);
  app.version = "v2";
  await it.deployAndFollow(app);
  app.version = "v3";
  app.close("build");
  await using late = await it.deploy("slow");
  await app.waiting("build");
  await using rollback = it.follow(
    await it.client.deployments.rollback({ project: "slow", environment: "production", to: String(first.sequence) }),
  );
  const back = await rollback.settled();
  expect(back.state).toBe("live");
  app.open("build");
  expect(await late.settled()).toMatchObject({ state: "superseded", supersededBy: back.id });
  await expectLive(it, "slow", back);
  await answers("slow", "v1");
  await expectWholeTimeline(it, late);
  await expectWholeTimeline(it, rollback);
  await expectNothingLeft(it, [back.releaseId ?? ""]);
  await destroy("slow");
});

test("a deployment asked for during a rollback comes after it", async () => {
  const app = it.app("during");
  await it.deployAndFollow(app);
  app.version = "v2";
  await it.deployAndFollow(app);
  app.version = "v1";
  app.close("start");
  await using rollback = it.follow(
    await it.client.deployments.rollback({ project: "during", environment: "production" }),
  );
  await app.waiting("start", 1);
  app.version = "v3";
  await using next = await it.deploy("during");
  const newest = await next.settled();
  expect(newest.state).toBe("live");
  app.open("start", "v1");
  expect(await rollback.settled()).toMatchObject({ state: "superseded" });
  await expectLive(it, "during", newest);
  await answers("during", "v3");
  await expectWholeTimeline(it, rollback);
  await expectNothingLeft(it, [newest.releaseId ?? ""]);
  await destroy("during");
});

test.for(["build", "release", "start"] as const)(
  "a project destroyed while its %s waits leaves nothing",
  async (gate) => {
    const app = it.app(`gone-${gate}`);
    app.close(gate);
    await it.project(app);
    await it.deploy(app.name);
    await app.waiting(gate);
    await destroy(app.name);
  },
);

const canceled: readonly { stage: string; hold: (name: string) => Promise<Follower> }[] = [
  { stage: "queued", hold: (name) => heldByGit(name, 2) },
  { stage: "preparing", hold: (name) => heldByGit(name, 0) },
  { stage: "building", hold: (name) => heldByGate(name, "build") },
  { stage: "releasing", hold: (name) => heldByGate(name, "release") },
  { stage: "verifying", hold: (name) => heldByGate(name, "start") },
];
const servers: GitServer[] = [];

async function heldByGate(name: string, gate: Gate): Promise<Follower> {
  const app = it.app(name);
  app.close(gate);
  await it.project(app);
  const follower = await it.deploy(name);
  await app.waiting(gate);
  return follower;
}

/** Waits for a Git server that does not answer, behind `before` others. */
async function heldByGit(name: string, before: number): Promise<Follower> {
  for (let other = 1; other <= before; other++) await (await heldByGit(`${name}-${other}`, 0)).reached("preparing");
  const app = it.app(name);
  const server = await GitServer.start(app.folder);
  server.hold();
  servers.push(server);
  await it.project(app, { type: "git", url: server.url, ref: null, dir: "" });
  return it.deploy(name);
}

test.for(canceled)("a deployment canceled in $stage ends canceled and leaves nothing", async ({ stage, hold }) => {
  await using follower = await hold(`cancel-${stage}`);
  const { id } = follower.last;
  await waitFor(`it to be ${stage}`, () => follower.last.state === stage);
  await it.client.deployments.cancel({ deployment: id });
  expect(await follower.settled()).toMatchObject({ state: "canceled", failure: null });
  // Asked again, nothing changes.
  await it.client.deployments.cancel({ deployment: id });
  await expectWholeTimeline(it, follower);
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
  for (const name of await names()) await destroy(name);
  await expectNothingLeft(it, []);
});

test("a port that two apps insist on is told as the cause, and the first app goes on", async () => {
  const [port = 0] = await freePorts(1);
  const first = await it.deployAndFollow(it.app("first", { fixedPort: port }));
  expect(first.state).toBe("live");
  const second = await it.deployAndFollow(it.app("second", { fixedPort: port }));
  expect(second).toMatchObject({ state: "failed", failure: { code: "port-taken" } });
  await answers("first", "v1");
  await destroy("second");
  await destroy("first");
});
