import { stageDeadlineSeconds, type Job, type Stage } from "@cloudsmith/contracts";
import { describe, expect, test } from "vitest";
import { claimed, jobId, newJob } from "./jobs.ts";
import { reconcileDeployments, type Care } from "./reconcile.ts";
import { World } from "./testing/world.ts";

const care: Care = { stages: ["queued", "preparing"], queue: "prepare", concerns: (each) => each.artifact === null };
const reconcile = (world: World, of: Care = care) => reconcileDeployments(world.store, of, world.clock.now());

async function putJob(world: World, subject: string, change: Partial<Job>): Promise<void> {
  const put = newJob({
    queue: "prepare",
    subject,
    teamId: world.teamId,
    projectId: world.project.id,
    now: world.clock.now(),
  });
  if (put.entity === "job") await world.store.commit({ puts: [{ ...put, value: { ...put.value, ...change } }] });
}

async function inStage(world: World, stage: Stage): Promise<string> {
  const { id } = await world.request();
  const startedAt = world.clock.now().toISOString();
  await world.put(id, { state: stage, stageTimes: [{ stage, startedAt, finishedAt: null }] });
  return id;
}

test("a deployment whose event was lost gets its job, after a moment and once", async () => {
  await using world = await World.open();
  const { id } = await world.request();
  await reconcile(world);
  expect(await world.job(jobId("prepare", id))).toBeUndefined();
  world.clock.advance(11);
  await Promise.all([reconcile(world), reconcile(world)]);
  expect((await world.job(jobId("prepare", id)))?.state).toBe("ready");
});

test.each(["dead", "done", "canceled"] as const)("one whose job is %s and did not settle it fails", async (state) => {
  await using world = await World.open();
  const id = await inStage(world, "preparing");
  await putJob(world, id, { state, lastError: "the worker said so" });
  world.clock.advance(11);
  await reconcile(world);
  expect((await world.deployment(id)).value).toMatchObject({
    state: "failed",
    failure: { code: "worker-lost", stage: "preparing", cause: "the worker said so" },
  });
});

describe.each(["queued", "preparing"] as const)("past the deadline of %s", (stage) => {
  test("it fails with a cause, and its worker is stopped", async () => {
    await using world = await World.open();
    const id = await inStage(world, stage);
    await putJob(world, id, {});
    const job = await world.job(jobId("prepare", id));
    world.clock.advance(stageDeadlineSeconds[stage] - 1);
    if (job !== undefined)
      await world.store.commit({
        puts: [{ entity: "job", value: claimed(job, "worker", world.clock.now()), if: "present" }],
      });
    await reconcile(world);
    expect((await world.deployment(id)).value.state).toBe(stage);
    world.clock.advance(2);
    await reconcile(world);
    expect((await world.deployment(id)).value).toMatchObject({
      state: "failed",
      failure: { code: "stage-timeout", stage },
    });
    expect(await world.job(jobId("prepare", id))).toMatchObject({ state: "claimed", cancelRequested: true });
  });
});

test("one that moved on between the look and the decision is left alone", async () => {
  await using world = await World.open();
  const id = await inStage(world, "preparing");
  await putJob(world, id, {});
  world.clock.advance(11);
  // Its job ends and it moves on, in one commit, right after the reconciler listed it.
  const store = world.store;
  const { value, version } = await world.deployment(id);
  let endsNow = false;
  const racing = {
    ...bound(store),
    get: async (...args: Parameters<typeof store.get>) => {
      if (!endsNow) {
        endsNow = true;
        const job = await store.get("job", { teamId: world.teamId, id: jobId("prepare", id) });
        await store.commit({
          puts: [
            { entity: "deployment", value: { ...value, state: "building" }, if: { version } },
            ...(job === undefined
              ? []
              : [{ entity: "job" as const, value: { ...job.value, state: "done" as const }, if: "present" as const }]),
          ],
        });
      }
      return store.get(...args);
    },
  };
  await reconcileDeployments(racing as typeof store, care, world.clock.now());
  expect((await world.deployment(id)).value.state).toBe("building");
});

function bound(store: World["store"]) {
  return {
    list: store.list.bind(store),
    scan: store.scan.bind(store),
    commit: store.commit.bind(store),
    outbox: store.outbox,
    close: () => store.close(),
  };
}

test("one that concerns another service is left alone", async () => {
  await using world = await World.open();
  const id = await inStage(world, "releasing");
  world.clock.advance(stageDeadlineSeconds.releasing + 1);
  await reconcile(world);
  expect((await world.deployment(id)).value.state).toBe("releasing");
});

test("one that waits for a build past every deadline fails and leaves the build", async () => {
  await using world = await World.open();
  const id = await inStage(world, "building");
  const waiting: Care = { stages: ["building"], queue: null, concerns: () => true };
  world.clock.advance(stageDeadlineSeconds.building - 10);
  await reconcile(world, waiting);
  expect((await world.deployment(id)).value.state).toBe("building");
  world.clock.advance(11);
  await reconcile(world, waiting);
  expect((await world.deployment(id)).value.failure).toMatchObject({ code: "stage-timeout", stage: "building" });
});
