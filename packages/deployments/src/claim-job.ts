import { CloudSmithError, type Job } from "@cloudsmith/contracts";
import type { Stored, SystemStore } from "@cloudsmith/store";
import { claimed, isClaimable, type JobQueue } from "./jobs.ts";

export interface ClaimerOptions {
  readonly store: SystemStore;
  readonly queue: JobQueue;
  /** Stands in the lease. */
  readonly owner: string;
  readonly now: () => Date;
  /** Told of a job whose attempts are used up and whose last worker disappeared. */
  readonly onLost: (item: Stored<"job">) => Promise<void>;
}

/** Jobs looked at before one is chosen. */
const mostPages = 10;

/**
 * Chooses and claims the next job of a queue, fairly between projects: the project with the fewest jobs running goes first, then
 * the one that was served longest ago, then the job that waits longest. A project with many jobs cannot keep another one waiting.
 */
export class JobClaimer {
  readonly #options: ClaimerOptions;
  /** When each project with waiting jobs was last served here, as a running number. */
  #served = new Map<string, number>();
  #turn = 0;

  constructor(options: ClaimerOptions) {
    this.#options = options;
  }

  /** The next job, claimed; undefined when none is due or others were faster. `isHeld` names jobs that this process works on already. */
  async next(isHeld: (jobId: string) => boolean): Promise<Stored<"job"> | undefined> {
    const now = this.#options.now();
    const items = await this.#waitingAndClaimed();
    const busy = Map.groupBy(
      items.filter(({ value }) => value.state === "claimed" && !isClaimable(value, now)),
      ({ value }) => value.projectId,
    );
    const projects = new Set(items.map(({ value }) => value.projectId));
    this.#served = new Map([...this.#served].filter(([project]) => projects.has(project)));
    const load = (job: Job): number => busy.get(job.projectId)?.length ?? 0;
    const served = (job: Job): number => this.#served.get(job.projectId) ?? 0;
    const due = items
      .filter(({ value }) => isClaimable(value, now) && !isHeld(value.id))
      .sort(
        ({ value: a }, { value: b }) =>
          load(a) - load(b) || served(a) - served(b) || a.notBefore.localeCompare(b.notBefore),
      );
    for (const item of due) {
      const won = await this.#claim(item, now);
      if (won === undefined) continue;
      this.#served.set(won.value.projectId, ++this.#turn);
      return won;
    }
    return undefined;
  }

  async #waitingAndClaimed(): Promise<Stored<"job">[]> {
    const { store, queue } = this.#options;
    const items: Stored<"job">[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < mostPages; pages++) {
      // The far bound lists claimed jobs too: they say how many of each project run, on any worker.
      const page = await store.scan(
        "dueJobs",
        { queue, dueBy: "9999" },
        { limit: 1000, ...(cursor !== undefined && { cursor }) },
      );
      items.push(...page.items);
      if (page.cursor === undefined) break;
      cursor = page.cursor;
    }
    return items;
  }

  async #claim(item: Stored<"job">, now: Date): Promise<Stored<"job"> | undefined> {
    const { store, owner, onLost } = this.#options;
    const job = item.value;
    if (job.attempt >= job.maxAttempts && !job.cancelRequested) {
      await onLost(item);
      return undefined;
    }
    const value = claimed(job, owner, now);
    try {
      await store.commit({ puts: [{ entity: "job", value, if: { version: item.version } }] });
      return { value, version: item.version + 1 };
    } catch (error) {
      if (error instanceof CloudSmithError && error.code === "conflict") return undefined;
      throw error;
    }
  }
}
