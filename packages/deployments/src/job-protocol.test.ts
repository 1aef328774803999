import { newId, type Job } from "@cloudsmith/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { JobClaimer } from "./claim-job.ts";
import { ended, JobCanceled, jobId, Lease, LeaseLost, leaseSeconds, newJob } from "./jobs.ts";
import { found, World } from "./testing/world.ts";

const maxAttempts = 3;

type Op =
  | { readonly type: "add"; readonly project: number }
  | { readonly type: "claim"; readonly worker: number }
  | { readonly type: "commit" | "finish" | "heartbeat" | "crash"; readonly lease: number }
  | { readonly type: "cancel"; readonly job: number }
  | { readonly type: "advance"; readonly seconds: number };

const small = fc.nat({ max: 30 });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("add" as const), project: fc.nat({ max: 2 }) }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant("claim" as const), worker: fc.nat({ max: 1 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom("commit" as const, "finish" as const, "heartbeat" as const, "crash" as const),
      lease: small,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("cancel" as const), job: small }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("advance" as const), seconds: fc.constantFrom(1, 8, leaseSeconds + 1) }),
  },
);

/** Two workers and a canceler on a real store; leases are kept after they were lost, so that zombies wake and try. */
class Machine {
  readonly world: World;
  readonly leases: Lease[] = [];
  readonly jobs: string[] = [];
  readonly finished = new Map<string, number>();
  readonly lost: string[] = [];
  readonly canceledWhileHeld = new Set<string>();
  readonly #claimers: JobClaimer[];
  readonly #held = [new Set<string>(), new Set<string>(), new Set<string>()];

  constructor(world: World) {
    this.world = world;
    this.#claimers = ["a", "b", "last"].map(
      (owner) =>
        new JobClaimer({
          store: world.store,
          queue: "build",
          owner,
          now: world.clock.now,
          onLost: async ({ value, version }) => {
            const dead: Job = { ...ended(value, "done"), state: "dead" };
            await world.store.commit({ puts: [{ entity: "job", value: dead, if: { version } }] });
            this.lost.push(value.id);
          },
        }),
    );
  }

  async run(each: Op): Promise<void> {
    if (each.type === "advance") return this.world.clock.advance(each.seconds);
    if (each.type === "add") return this.#add(each.project);
    if (each.type === "claim") return void (await this.claim(each.worker));
    if (each.type === "cancel") return this.#cancel(this.jobs[each.job % this.jobs.length]);
    const lease = this.leases[each.lease % this.leases.length];
    if (lease === undefined) return;
    if (each.type === "crash") for (const held of this.#held) held.delete(lease.job.id);
    else await this.act(lease, each.type);
  }

  async #add(project: number): Promise<void> {
    const subject = newId("build");
    const projectId = `prj_000${project}`;
    const now = this.world.clock.now();
    const put = newJob({ queue: "build", subject, teamId: this.world.teamId, projectId, maxAttempts, now });
    await this.world.store.commit({ puts: [put] });
    this.jobs.push(jobId("build", subject));
  }

  async claim(worker: number): Promise<Lease | undefined> {
    const held = found(this.#held[worker]);
    const won = await found(this.#claimers[worker]).next((id) => held.has(id));
    if (won === undefined) return undefined;
    held.add(won.value.id);
    const lease = new Lease(this.world.store, won, this.world.clock.now);
    this.leases.push(lease);
    return lease;
  }

  /** What a worker does under its lease, whether or not it still has it. */
  async act(lease: Lease, what: "commit" | "finish" | "heartbeat"): Promise<boolean> {
    try {
      if (what === "commit") await lease.commit({});
      else if (what === "heartbeat") await lease.heartbeat();
      else await this.#finish(lease);
      return true;
    } catch (error) {
      if (error instanceof LeaseLost || error instanceof JobCanceled) return false;
      throw error;
    }
  }

  async #finish(lease: Lease): Promise<void> {
    const { id } = lease.job;
    try {
      await lease.finish({ puts: [effectOf(this.world, id)] });
      this.finished.set(id, (this.finished.get(id) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof JobCanceled)) throw error;
      await lease.finish({}, "canceled");
    }
  }

  async #cancel(id: string | undefined): Promise<void> {
    const item = id === undefined ? undefined : await this.world.store.get("job", { teamId: this.world.teamId, id });
    if (item === undefined || (item.value.state !== "ready" && item.value.state !== "claimed")) return;
    const isHeld = item.value.state === "claimed";
    const value: Job = isHeld ? { ...item.value, cancelRequested: true } : { ...item.value, state: "canceled" };
    if (isHeld) this.canceledWhileHeld.add(item.value.id);
    await this.world.store.commit({ puts: [{ entity: "job", value, if: { version: item.version } }] });
  }

  /** The commits that are possible now: at most one worker may make one for each job. */
  async check(): Promise<void> {
    const committers = new Map<string, number>();
    for (const lease of this.leases)
      if (await this.act(lease, "commit")) committers.set(lease.job.id, (committers.get(lease.job.id) ?? 0) + 1);
    for (const [id, count] of committers) expect(count, id).toBe(1);
  }

  /** A healthy worker alone with what is left. */
  async drain(): Promise<void> {
    for (let idle = 0; idle < 2;) {
      this.world.clock.advance(120);
      const lease = await this.claim(2);
      idle = lease === undefined ? idle + 1 : 0;
      if (lease !== undefined) await this.act(lease, "finish");
    }
  }
}

function effectOf(world: World, id: string) {
  const value = {
    id: newId("activity"),
    teamId: world.teamId,
    at: world.clock.now().toISOString(),
    actor: { type: "system" as const, id: "test", name: "test" },
    action: "finish",
    projectId: null,
    subject: id,
    detail: "",
  };
  return { entity: "activity" as const, value, if: "absent" as const };
}

test("whatever two workers, a canceler and zombies do: one holder, one effect, no job lost, an end for each", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 60 }), async (ops) => {
      await using world = await World.open();
      const machine = new Machine(world);
      for (const each of ops) {
        await machine.run(each);
        await machine.check();
      }
      await machine.drain();
      const effects = await world.store.list("activityOfTeam", { teamId: world.teamId }, { limit: 1000 });
      for (const id of machine.jobs) {
        const job = found(await world.job(id));
        const count = effects.items.filter((item) => item.value.subject === id).length;
        expect(["done", "canceled", "dead"]).toContain(job.state);
        expect(count).toBe(job.state === "done" ? 1 : 0);
        expect(job.attempt).toBeLessThanOrEqual(maxAttempts + (job.cancelRequested ? 1 : 0));
        if (job.state === "dead") expect(machine.lost).toContain(id);
        if (machine.canceledWhileHeld.has(id)) expect(job.state).toBe("canceled");
      }
    }),
    { numRuns: 120 },
  );
});

test("a zombie that wakes after another has finished its job changes nothing", async () => {
  await using world = await World.open();
  const machine = new Machine(world);
  await machine.run({ type: "add", project: 0 });
  const zombie = found(await machine.claim(0));
  world.clock.advance(leaseSeconds + 1);
  const next = found(await machine.claim(1));
  await expect(zombie.heartbeat()).rejects.toBeInstanceOf(LeaseLost);
  await next.finish({ puts: [effectOf(world, next.job.id)] });
  await expect(zombie.finish({ puts: [effectOf(world, zombie.job.id)] })).rejects.toBeInstanceOf(LeaseLost);
  const effects = await world.store.list("activityOfTeam", { teamId: world.teamId });
  expect(effects.items).toHaveLength(1);
});

test("a slow worker whose lease ended but went to nobody may go on", async () => {
  await using world = await World.open();
  const machine = new Machine(world);
  await machine.run({ type: "add", project: 0 });
  const slow = found(await machine.claim(0));
  world.clock.advance(leaseSeconds + 1);
  await expect(slow.heartbeat()).resolves.toEqual({ cancelRequested: false });
  await slow.finish({}, "removed");
  expect(await world.job(slow.job.id)).toBeUndefined();
});

test("a project with fifty jobs does not keep one with a single job waiting, even where only one runs at a time", async () => {
  await using world = await World.open();
  const machine = new Machine(world);
  for (let n = 0; n < 50; n++) await machine.run({ type: "add", project: 0 });
  world.clock.advance(1);
  await machine.run({ type: "add", project: 1 });
  const order: string[] = [];
  for (let n = 0; n < 4; n++) {
    const lease = found(await machine.claim(0));
    order.push(lease.job.projectId);
    await lease.finish({});
  }
  expect(order).toEqual(["prj_0000", "prj_0001", "prj_0000", "prj_0000"]);
});

test("the project with the fewest running jobs goes first", async () => {
  await using world = await World.open();
  const machine = new Machine(world);
  for (const project of [0, 0, 0, 1]) {
    await machine.run({ type: "add", project });
    world.clock.advance(1);
  }
  const projects = [];
  for (let n = 0; n < 4; n++) projects.push(found(await machine.claim(n % 2)).job.projectId);
  expect(projects).toEqual(["prj_0000", "prj_0001", "prj_0000", "prj_0000"]);
});
