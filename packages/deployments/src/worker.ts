import { CloudSmithError, toCloudSmithError, type Job } from "@cloudsmith/contracts";
import type { Stored, SystemStore } from "@cloudsmith/store";
import { setTimeout as wait } from "node:timers/promises";
import { JobClaimer } from "./claim-job.ts";
import { ended, failedAttempt, heartbeatSeconds, JobCanceled, Lease, LeaseLost, type JobQueue } from "./jobs.ts";

export interface JobHandler {
  /** Does the work and ends it with `lease.finish`. `signal` aborts when the job is canceled (JobCanceled), the lease is lost or the worker stops. */
  run(lease: Lease, signal: AbortSignal): Promise<void>;
  /** A cancel came: settle what it was for, with `lease.finish(…, "canceled")`. */
  canceled(lease: Lease): Promise<void>;
  /** All attempts failed: settle what it was for. */
  dead(job: Job, error: CloudSmithError): Promise<void>;
}

export interface WorkerOptions {
  readonly store: SystemStore;
  readonly queue: JobQueue;
  /** Names this worker in leases; unique per process. */
  readonly owner: string;
  readonly concurrency: number;
  readonly handler: JobHandler;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  readonly now?: () => Date;
  /** How often the queue is looked at without a nudge, in milliseconds. */
  readonly pollMs?: number;
}

/** Claims due jobs, fairly between projects, and runs them, at most `concurrency` at once. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #now: () => Date;
  readonly #claimer: JobClaimer;
  readonly #running = new Map<string, { job: Job; lease: Lease; beat: () => Promise<void>; done: Promise<void> }>();
  #nudged = Promise.withResolvers<void>();
  #loop: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#claimer = new JobClaimer({ ...options, now: this.#now, onLost: (item) => this.#lost(item) });
  }

  start(): void {
    this.#loop ??= this.#work();
  }

  /** Something may be due: look at once. */
  nudge(): void {
    this.#nudged.resolve();
  }

  /** A cancel may be waiting for a job on this subject: look at once instead of at the next heartbeat. */
  async beat(subject: string): Promise<void> {
    await Promise.all(
      [...this.#running.values()].filter((entry) => entry.job.subject === subject).map((entry) => entry.beat()),
    );
  }

  /** Resolves when the loop and all jobs have ended; abort the signal first. */
  async stopped(): Promise<void> {
    await this.#loop;
    await Promise.all([...this.#running.values()].map((entry) => entry.done));
  }

  async #work(): Promise<void> {
    const { signal, onError, pollMs = 1000 } = this.#options;
    while (!signal.aborted) {
      this.#nudged = Promise.withResolvers<void>();
      try {
        await this.#fill();
      } catch (error) {
        onError(error);
      }
      const pause = new AbortController();
      const stop = AbortSignal.any([signal, pause.signal]);
      await Promise.race([this.#nudged.promise, wait(pollMs, undefined, { signal: stop }).catch(() => undefined)]);
      pause.abort();
    }
  }

  async #fill(): Promise<void> {
    while (this.#running.size < this.#options.concurrency && !this.#options.signal.aborted) {
      const next = await this.#claimer.next((id) => this.#running.has(id));
      if (next === undefined) return;
      this.#run(next);
    }
  }

  /** Its last worker died without a word. A job that cannot be buried now must not keep the ones behind it waiting. */
  async #lost(item: Stored<"job">): Promise<void> {
    const { attempt, lastError } = item.value;
    const error = new CloudSmithError("worker-lost", "The work was lost", {
      why: lastError ?? `It was started ${attempt} times and each time its worker disappeared`,
      fix: "Deploy again; if it happens again, run `cloudsmith doctor`",
    });
    await this.#bury(item, error).catch(this.#options.onError);
  }

  #run(stored: Stored<"job">): void {
    const lease = new Lease(this.#options.store, stored, this.#now);
    const abort = new AbortController();
    const beat = async (): Promise<void> => {
      try {
        const { cancelRequested } = await lease.heartbeat();
        if (cancelRequested) abort.abort(new JobCanceled());
      } catch (error) {
        if (error instanceof LeaseLost) abort.abort(error);
        else this.#options.onError(error);
      }
    };
    const timer = setInterval(() => void beat(), heartbeatSeconds * 1000);
    const done = this.#handle(lease, AbortSignal.any([abort.signal, this.#options.signal])).finally(() => {
      clearInterval(timer);
      this.#running.delete(stored.value.id);
      this.nudge();
    });
    this.#running.set(stored.value.id, { job: stored.value, lease, beat, done });
    if (stored.value.cancelRequested) abort.abort(new JobCanceled());
  }

  async #handle(lease: Lease, signal: AbortSignal): Promise<void> {
    const { handler, onError } = this.#options;
    try {
      try {
        signal.throwIfAborted();
        await handler.run(lease, signal);
      } catch (error) {
        if (!(signal.reason instanceof JobCanceled) && !(error instanceof JobCanceled)) throw error;
        await handler.canceled(lease);
      }
    } catch (error) {
      if (error instanceof LeaseLost || signal.reason instanceof LeaseLost) return;
      // A worker that stops leaves its job to the next one.
      if (this.#options.signal.aborted) return this.#giveBack(lease).catch(onError);
      onError(error);
      await this.#failed(lease, toCloudSmithError(error)).catch(onError);
    }
  }

  async #giveBack(lease: Lease): Promise<void> {
    const found = await this.#options.store.get("job", { teamId: lease.job.teamId, id: lease.job.id });
    if (found === undefined || found.value.fence !== lease.job.fence || found.value.state !== "claimed") return;
    const value: Job = {
      ...found.value,
      state: "ready",
      attempt: found.value.attempt - 1,
      leaseOwner: null,
      leaseUntil: null,
    };
    await this.#options.store.commit({ puts: [{ entity: "job", value, if: { version: found.version } }] });
  }

  async #failed(lease: Lease, error: CloudSmithError): Promise<void> {
    const found = await this.#options.store.get("job", { teamId: lease.job.teamId, id: lease.job.id });
    if (found === undefined || found.value.fence !== lease.job.fence || found.value.state !== "claimed") return;
    const value = failedAttempt(found.value, error.why ?? error.message, this.#now());
    if (value.state === "dead") await this.#bury(found, error);
    else await this.#options.store.commit({ puts: [{ entity: "job", value, if: { version: found.version } }] });
  }

  async #bury(item: Stored<"job">, error: CloudSmithError): Promise<void> {
    await this.#options.handler.dead(item.value, error);
    const lastError = (error.why ?? error.message).slice(0, 2000);
    const value: Job = { ...ended(item.value, "done"), state: "dead", lastError };
    await this.#options.store
      .commit({ puts: [{ entity: "job", value, if: { version: item.version } }] })
      .catch((thrown: unknown) => {
        // Another worker buried it, or the last one was alive after all and has finished.
        if (!(thrown instanceof CloudSmithError) || thrown.code !== "conflict") throw thrown;
      });
  }
}

/** Makes the jobs that `owner`'s dead predecessor held claimable at once; only where the caller knows that it is dead (it holds the installation's lock). */
export async function releaseLeases(
  store: SystemStore,
  queue: JobQueue,
  isDead: (owner: string) => boolean,
): Promise<void> {
  const page = await store.scan("dueJobs", { queue, dueBy: "9999" }, { limit: 1000 });
  for (const { value, version } of page.items) {
    if (value.state !== "claimed" || value.leaseOwner === null || !isDead(value.leaseOwner)) continue;
    await store.commit({
      puts: [{ entity: "job", value: { ...value, leaseUntil: value.createdAt }, if: { version } }],
    });
  }
}
