import { newId, type Build, type Stage } from "@cloudsmith/contracts";
import { describe, expect, test } from "vitest";
import { waitersOf, waitForBuild } from "./build-waiters.ts";
import { cancelDeployment } from "./cancel.ts";
import { claimed, jobId, newJob, type JobQueue } from "./jobs.ts";
import { digest, World } from "./testing/world.ts";

const queueOf: Record<Exclude<Stage, "building">, JobQueue> = {
  queued: "prepare",
  preparing: "prepare",
  packaging: "release",
  releasing: "release",
  verifying: "release",
};

async function withJob(world: World, stage: Exclude<Stage, "building">, state: "ready" | "claimed"): Promise<string> {
  const deployment = await world.request();
  await world.put(deployment.id, { state: stage });
  const put = newJob({
    queue: queueOf[stage],
    subject: deployment.id,
    teamId: world.teamId,
    projectId: world.project.id,
    now: world.clock.now(),
  });
  await world.store.commit({ puts: [put] });
  const job = await world.store.get("job", { teamId: world.teamId, id: jobId(queueOf[stage], deployment.id) });
  if (state === "claimed" && job !== undefined)
    await world.store.commit({
      puts: [{ entity: "job", value: claimed(job.value, "worker", world.clock.now()), if: "present" }],
    });
  return deployment.id;
}

const cancel = (world: World, deploymentId: string) =>
  cancelDeployment(world.store, { teamId: world.teamId, deploymentId }, world.clock.now);

describe.each(["queued", "preparing", "packaging", "releasing", "verifying"] as const)("in %s", (stage) => {
  test("it ends at once where nobody works on it", async () => {
    await using world = await World.open();
    const id = await withJob(world, stage, "ready");
    expect((await cancel(world, id)).state).toBe("canceled");
    expect((await world.job(jobId(queueOf[stage], id)))?.state).toBe("canceled");
  });

  test("its worker is told, once", async () => {
    await using world = await World.open();
    const id = await withJob(world, stage, "claimed");
    expect(await cancel(world, id)).toMatchObject({ state: stage, cancelRequested: true });
    await cancel(world, id);
    expect(await world.job(jobId(queueOf[stage], id))).toMatchObject({ state: "claimed", cancelRequested: true });
    expect((await world.timeline(id)).filter((message) => message === "Cancel requested")).toHaveLength(1);
  });
});

test("a queued one without a job yet ends at once", async () => {
  await using world = await World.open();
  const deployment = await world.request();
  expect((await cancel(world, deployment.id)).state).toBe("canceled");
  expect((await cancel(world, deployment.id)).state).toBe("canceled");
});

test("a settled one says so, an unknown one too", async () => {
  await using world = await World.open();
  const { deployment } = await world.candidate();
  await world.put(deployment.value.id, { state: "failed", settledAt: world.clock.now().toISOString() });
  await expect(cancel(world, deployment.value.id)).rejects.toMatchObject({ code: "already-settled" });
  await expect(cancel(world, newId("deployment"))).rejects.toMatchObject({ code: "not-found" });
});

async function sharedBuild(world: World): Promise<{ first: string; second: string; build: Build }> {
  const first = await world.request();
  await world.put(first.id, { state: "preparing" });
  const second = await world.request();
  const plan = testPlan();
  const build: Build = {
    id: newId("build"),
    teamId: world.teamId,
    projectId: world.project.id,
    key: digest,
    sourceId: newId("source"),
    snapshotId: first.snapshotId,
    plan,
    state: "running",
    artifact: null,
    manifest: null,
    failure: null,
    createdAt: first.createdAt,
    startedAt: null,
    finishedAt: null,
  };
  const now = world.clock.now();
  const job = newJob({ queue: "build", subject: build.id, teamId: world.teamId, projectId: world.project.id, now });
  await world.store.commit({ puts: [{ entity: "build", value: build, if: "absent" }, job] });
  for (const { id } of [first, second]) {
    const { value } = await world.put(id, { state: "building", buildId: build.id });
    await world.store.commit({ puts: [waitForBuild(value, build.id)] });
  }
  const ready = await world.job(jobId("build", build.id));
  if (ready !== undefined)
    await world.store.commit({ puts: [{ entity: "job", value: claimed(ready, "worker", now), if: "present" }] });
  return { first: first.id, second: second.id, build };
}

test("of two that share a build the first to leave lets it run, the last cancels it", async () => {
  await using world = await World.open();
  const { first, second, build } = await sharedBuild(world);
  const state = async () => (await world.store.get("build", build))?.value.state;
  expect((await cancel(world, first)).state).toBe("canceled");
  expect(await state()).toBe("running");
  expect(await world.job(jobId("build", build.id))).toMatchObject({ cancelRequested: false });
  expect((await cancel(world, second)).state).toBe("canceled");
  expect(await state()).toBe("canceled");
  expect(await world.job(jobId("build", build.id))).toMatchObject({ cancelRequested: true });
  expect(await waitersOf(world.store, build)).toEqual([]);
  const events = (await world.store.outbox.pending(100)).map(({ event }) => event.type);
  expect(events.filter((type) => type === "build.finished")).toHaveLength(1);
});

test("two that leave a build at the same moment do not both leave it running", async () => {
  await using world = await World.open();
  const { first, second, build } = await sharedBuild(world);
  await Promise.all([cancel(world, first), cancel(world, second)]);
  expect((await world.store.get("build", build))?.value.state).toBe("canceled");
});

function testPlan(): Build["plan"] {
  return {
    version: 1,
    kind: "static",
    framework: null,
    appDir: "",
    installDir: "",
    packageManager: null,
    toolchains: {},
    commands: { install: null, build: null, release: null },
    serve: { type: "static", dir: "", spa: false, immutable: [] },
    processes: [],
    output: null,
    port: null,
    health: { path: "/", startSeconds: 60 },
    env: { build: {}, run: {} },
    persist: null,
    limits: { memoryMb: null, buildMemoryMb: null, buildSeconds: null },
    expects: [],
    caches: [],
    reasons: [],
    warnings: [],
  };
}
