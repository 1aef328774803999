import { CloudSmithError, newId, type Job } from "@cloudsmith/contracts";
import type { SystemStore } from "@cloudsmith/store";
import { waitFor } from "@cloudsmith/testkit";
import { expect, test } from "vitest";
import { JobCanceled, jobId, LeaseLost, leaseSeconds, newJob, type Lease } from "./jobs.ts";
import { failingStore } from "./testing/failing-store.ts";
import { found, World } from "./testing/world.ts";
import { releaseLeases, Worker, type JobHandler } from "./worker.ts";

/** Workers on one queue of a real store; everything they report is kept. */
class Shop implements AsyncDisposable {
  readonly stop = new AbortController();
  readonly errors: unknown[] = [];
  readonly calls: string[] = [];
  readonly world: World;
  readonly workers: Worker[] = [];

  constructor(world: World) {
    this.world = world;
  }

  async add(over: Partial<Job> = {}): Promise<string> {
    const subject = newId("build");
    const put = newJob({
      queue: "build",
      subject,
      teamId: this.world.teamId,
      projectId: this.world.project.id,
      now: this.world.clock.now(),
    });
    await this.world.store.commit({
      puts: put.entity === "job" ? [{ ...put, value: { ...put.value, ...over } }] : [put],
    });
    return subject;
  }

  start(handler: Partial<JobHandler>, options: { store?: SystemStore; signal?: AbortSignal } = {}): Worker {
    const worker = new Worker({
      store: options.store ?? this.world.store,
      queue: "build",
      owner: `worker-${this.workers.length}`,
      concurrency: 2,
      signal: options.signal ?? this.stop.signal,
      onError: (error) => this.errors.push(error),
      now: this.world.clock.now,
      pollMs: 20,
      handler: {
        run: (lease) => lease.finish({}),
        canceled: (lease) => lease.finish({}, "canceled"),
        dead: (job) => Promise.resolve(void this.calls.push(`dead ${job.attempt}`)),
        ...handler,
      },
    });
    this.workers.push(worker);
    worker.start();
    return worker;
  }

  async until(subject: string, state: Job["state"]): Promise<Job> {
    return waitFor(`the job to be ${state}`, async () => {
      const job = await this.world.job(jobId("build", subject));
      return job?.state === state ? job : undefined;
    });
  }

  async cancel(subject: string): Promise<void> {
    const ids = { teamId: this.world.teamId, id: jobId("build", subject) };
    const { value, version } = found(await this.world.store.get("job", ids));
    await this.world.store.commit({
      puts: [{ entity: "job", value: { ...value, cancelRequested: true }, if: { version } }],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    await Promise.all(this.workers.map((worker) => worker.stopped()));
  }
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

test("an attempt that throws is made again after a pause, and after the last one the job is dead and told so", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const subject = await shop.add({ maxAttempts: 3 });
  shop.start({
    run: () => {
      shop.calls.push("run");
      // A bug throws anything.
      throw new TypeError("undefined is not a function");
    },
  });
  for (let tries = 1; tries < 3; tries++) {
    const job = await waitFor("the next pause", async () => {
      const now = await world.job(jobId("build", subject));
      return now?.state === "ready" && now.attempt === tries ? now : undefined;
    });
    expect(Date.parse(job.notBefore) - world.clock.now().getTime()).toBe(1000 * 2 ** (tries - 1));
    world.clock.advance(60);
  }
  const job = await shop.until(subject, "dead");
  expect(job.lastError).toBe("undefined is not a function");
  expect(shop.calls).toEqual(["run", "run", "run", "dead 3"]);
  expect(shop.errors).toHaveLength(3);
});

test("a cancel reaches a running job at once when its worker is near", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const subject = await shop.add();
  const reasons: unknown[] = [];
  const worker = shop.start({
    run: (_lease, signal) => untilAborted(signal),
    canceled: (lease) => {
      reasons.push("canceled");
      return lease.finish({}, "canceled");
    },
  });
  await shop.until(subject, "claimed");
  await shop.cancel(subject);
  await worker.beat(subject);
  await shop.until(subject, "canceled");
  expect(reasons).toEqual(["canceled"]);
  expect(shop.errors).toEqual([]);
});

test("a cancel that comes between two heartbeats is seen at the next commit", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const subject = await shop.add();
  const gate = Promise.withResolvers<void>();
  let refused: unknown;
  shop.start({
    async run(lease) {
      await gate.promise;
      await lease.finish({}).catch((error: unknown) => {
        refused = error;
        throw error;
      });
    },
  });
  await shop.until(subject, "claimed");
  await shop.cancel(subject);
  gate.resolve();
  await shop.until(subject, "canceled");
  expect(refused).toBeInstanceOf(JobCanceled);
});

test("a worker that stops hands its job back without using up an attempt", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const subject = await shop.add();
  const first = new AbortController();
  const worker = shop.start({ run: (_lease, signal) => untilAborted(signal) }, { signal: first.signal });
  await shop.until(subject, "claimed");
  first.abort();
  await worker.stopped();
  expect(await world.job(jobId("build", subject))).toMatchObject({ state: "ready", attempt: 0, leaseOwner: null });
  shop.start({});
  expect((await shop.until(subject, "done")).attempt).toBe(1);
});

test("a paused worker that wakes after its job went on elsewhere stops without a word", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const subject = await shop.add();
  const gate = Promise.withResolvers<void>();
  let zombie: unknown;
  shop.start({
    async run(lease: Lease) {
      await gate.promise;
      await lease.finish({}).catch((error: unknown) => {
        zombie = error;
        throw error;
      });
    },
  });
  await shop.until(subject, "claimed");
  world.clock.advance(leaseSeconds + 1);
  shop.start({});
  await shop.until(subject, "done");
  gate.resolve();
  await waitFor("the zombie to notice", () => zombie);
  expect(zombie).toBeInstanceOf(LeaseLost);
  expect(shop.errors).toEqual([]);
});

test("a job whose workers all died settles what it was for", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const at = world.clock.now().toISOString();
  const subject = await shop.add({ state: "claimed", attempt: 5, fence: 5, leaseOwner: "gone", leaseUntil: at });
  shop.start({});
  const job = await shop.until(subject, "dead");
  expect(shop.calls).toEqual(["dead 5"]);
  expect(job.lastError).toMatch(/started 5 times/);
});

test("a job that cannot be buried now does not hold up the ones behind it, and is buried later", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const at = world.clock.now().toISOString();
  let isBroken = true;
  const lost = await shop.add({ state: "claimed", attempt: 5, fence: 5, leaseOwner: "gone", leaseUntil: at });
  const behind = await shop.add();
  shop.start({
    dead: () => (isBroken ? Promise.reject(new Error("the disk is full")) : Promise.resolve()),
  });
  await shop.until(behind, "done");
  isBroken = false;
  await shop.until(lost, "dead");
});

test("a disk that is full in the middle of a job's commit delays it and loses nothing", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const store = failingStore(world.store);
  const subject = await shop.add();
  shop.start(
    {
      run(lease) {
        if (lease.job.attempt === 1) store.isFull = () => true;
        return lease.finish({});
      },
    },
    { store },
  );
  await waitFor("the full disk to be noticed", () => shop.errors.length > 1);
  expect(shop.errors.every((error) => error instanceof CloudSmithError && error.code === "disk-full")).toBe(true);
  expect((await world.job(jobId("build", subject)))?.state).toBe("claimed");
  world.clock.advance(leaseSeconds + 1);
  await waitFor("a claim that fails", () => shop.errors.length > 3);
  store.isFull = () => false;
  expect((await shop.until(subject, "done")).attempt).toBe(2);
});

test("jobs of a dead owner can be claimed at once", async () => {
  await using world = await World.open();
  await using shop = new Shop(world);
  const later = new Date(world.clock.now().getTime() + 15_000).toISOString();
  const subject = await shop.add({ state: "claimed", attempt: 1, fence: 1, leaseOwner: "gone", leaseUntil: later });
  await releaseLeases(world.store, "build", (owner) => owner === "gone");
  shop.start({});
  expect(await shop.until(subject, "done")).toMatchObject({ attempt: 2, fence: 2 });
});
