import { CloudSmithError, type Job } from "@cloudsmith/contracts";
import type { Commit, Put, Stored, Store } from "@cloudsmith/store";

export type JobQueue = Job["queue"];

/** How long a claim lasts without a heartbeat, in seconds, and how often a worker beats. */
export const leaseSeconds = 15;
export const heartbeatSeconds = 4;

/** The one job of a queue for a subject: its id follows from both, so that an event handled twice makes one job. */
export function jobId(queue: JobQueue, subject: string): string {
  return `job_${queue}${subject.replaceAll(/[^0-9a-z]/g, "")}`;
}

/** A new job, ready now. Put with `absent`, so that a second one is a conflict. */
export function newJob(input: {
  queue: JobQueue;
  subject: string;
  teamId: string;
  projectId: string;
  maxAttempts?: number;
  now: Date;
}): Put {
  const at = input.now.toISOString();
  return {
    entity: "job",
    if: "absent",
    value: {
      id: jobId(input.queue, input.subject),
      teamId: input.teamId,
      queue: input.queue,
      subject: input.subject,
      projectId: input.projectId,
      state: "ready",
      attempt: 0,
      maxAttempts: input.maxAttempts ?? 5,
      fence: 0,
      leaseOwner: null,
      leaseUntil: null,
      notBefore: at,
      cancelRequested: false,
      lastError: null,
      createdAt: at,
    },
  };
}

/** Whether a worker may claim a job now: it is ready, or its worker's lease has ended. */
export function isClaimable(job: Job, now: Date): boolean {
  if (job.state === "ready") return job.notBefore <= now.toISOString();
  return job.state === "claimed" && (job.leaseUntil === null || job.leaseUntil <= now.toISOString());
}

/** A job as its next worker holds it: a higher fence and a lease. */
export function claimed(job: Job, owner: string, now: Date): Job {
  return {
    ...job,
    state: "claimed",
    attempt: job.attempt + 1,
    fence: job.fence + 1,
    leaseOwner: owner,
    leaseUntil: after(now, leaseSeconds),
  };
}

/** A failed attempt: ready again after a pause that doubles from 1 s up to 60 s, or dead after the last one. */
export function failedAttempt(job: Job, error: string, now: Date): Job {
  const dead = job.attempt >= job.maxAttempts;
  const pause = Math.min(60, 2 ** (job.attempt - 1));
  return {
    ...job,
    state: dead ? "dead" : "ready",
    leaseOwner: null,
    leaseUntil: null,
    notBefore: after(now, dead ? 0 : pause),
    lastError: error.slice(0, 2000),
  };
}

export function ended(job: Job, state: "done" | "canceled"): Job {
  return { ...job, state, leaseOwner: null, leaseUntil: null };
}

function refuseCanceled(held: Stored<"job">): void {
  if (held.value.cancelRequested) throw new JobCanceled(`${held.value.id} was canceled`);
}

function after(now: Date, seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

/** Thrown inside a worker whose lease went to another; it must stop and can commit nothing. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** Why the signal of a job's handler was aborted, and why a commit of one whose job was canceled is refused. */
export class JobCanceled extends Error {
  override readonly name = "JobCanceled";
}

/**
 * A worker's hold on a job. Every commit of the worker goes through it and carries the job's version as a condition,
 * so that a worker that slept past its lease (a zombie) can change nothing after another one claimed the job.
 */
export class Lease {
  readonly #store: Store;
  readonly #now: () => Date;
  #held: Stored<"job">;
  /** One commit or heartbeat at a time, since each changes or checks the job's version. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: Store, held: Stored<"job">, now: () => Date) {
    this.#store = store;
    this.#held = held;
    this.#now = now;
  }

  get job(): Job {
    return this.#held.value;
  }

  /**
   * Commits under the lease. Throws LeaseLost when it is gone, JobCanceled when a cancel came first, `conflict` when the commit's own
   * conditions failed.
   */
  commit(commit: Commit): Promise<void> {
    return this.#inTurn(() =>
      this.#guarded(commit, (held) => {
        refuseCanceled(held);
        return { checks: [{ entity: "job", value: held.value, if: { version: held.version } }] };
      }),
    );
  }

  /** The last commit of a job: its effects and its end at once; `removed` leaves no record of it. Throws as `commit`; ending as `canceled` is always allowed. */
  finish(commit: Commit, state: "done" | "canceled" | "removed" = "done"): Promise<void> {
    return this.#inTurn(() =>
      this.#guarded(commit, (held) => {
        if (state !== "canceled") refuseCanceled(held);
        const condition = { version: held.version };
        return state === "removed"
          ? { deletes: [{ entity: "job", value: held.value, if: condition }] }
          : { puts: [{ entity: "job", value: ended(held.value, state), if: condition }] };
      }),
    );
  }

  /** Extends the lease; returns whether a cancel was asked for. */
  heartbeat(): Promise<{ cancelRequested: boolean }> {
    return this.#inTurn(async () => {
      for (;;) {
        const value: Job = { ...this.#held.value, leaseUntil: after(this.#now(), leaseSeconds) };
        try {
          await this.#store.commit({ puts: [{ entity: "job", value, if: { version: this.#held.version } }] });
          this.#held = { value, version: this.#held.version + 1 };
          return { cancelRequested: value.cancelRequested };
        } catch (error) {
          await this.#rereadAfter(error);
        }
      }
    });
  }

  async #guarded(commit: Commit, guard: (held: Stored<"job">) => Commit): Promise<void> {
    for (;;) {
      const extra = guard(this.#held);
      try {
        await this.#store.commit({
          ...commit,
          checks: [...(commit.checks ?? []), ...(extra.checks ?? [])],
          puts: [...(commit.puts ?? []), ...(extra.puts ?? [])],
          deletes: [...(commit.deletes ?? []), ...(extra.deletes ?? [])],
        });
        return;
      } catch (error) {
        // Somebody else changed the job (a cancel flag): the lease is still ours, so try again with its new version.
        const before = this.#held.version;
        await this.#rereadAfter(error);
        if (this.#held.version === before) throw error;
      }
    }
  }

  async #rereadAfter(error: unknown): Promise<void> {
    if (!(error instanceof CloudSmithError) || error.code !== "conflict") throw error;
    const found = await this.#store.get("job", { teamId: this.job.teamId, id: this.job.id });
    if (found === undefined || found.value.state !== "claimed" || found.value.fence !== this.job.fence) {
      throw new LeaseLost(`The lease on ${this.job.id} went to another worker`);
    }
    this.#held = found;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(run, run);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
