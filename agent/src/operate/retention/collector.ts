import type { BlobStore } from "@cloudsmith/blobs";
import { trimCaches } from "@cloudsmith/builder";
import type { LogStore } from "@cloudsmith/logs";
import type { SecretStore } from "@cloudsmith/secrets";
import type { SystemStore } from "@cloudsmith/store";
import { setTimeout as wait } from "node:timers/promises";
import type { Paths } from "../../paths.ts";
import { collectActivity } from "./collect-activity.ts";
import { collectBlobs } from "./collect-blobs.ts";
import { collectProject, type UsedBlobs } from "./collect-project.ts";
import { pause, type Collection } from "./collection.ts";
import { allOf } from "./pages.ts";
import { rotateLog } from "./rotate-log.ts";
import { readRetention, type Retention } from "./settings.ts";

export interface CollectorOptions {
  readonly paths: Paths;
  readonly store: SystemStore;
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  readonly secrets: SecretStore;
  readonly teams: readonly string[];
  /** Adapters drop here what they keep for a time only. */
  readonly prune: (retention: Retention) => Promise<void>;
  /** Programs in the caches that something needs though it may not run at this moment. */
  readonly programs: () => readonly string[];
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  /** Minutes from the start to the first collection, and between two. */
  readonly minutes?: { readonly first: number; readonly between: number };
}

export interface Collected {
  readonly freedBytes: number;
  readonly records: number;
}

/**
 * Deletes what retention does not keep, once an hour and when a person asks for it. It asks what is there, not what happened: stopped anywhere, the
 * next run takes the rest. Work goes piece by piece with room for requests in between, one run at a time.
 */
export class Collector {
  readonly #options: CollectorOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** Collects until the signal aborts, at times that differ between installations. */
  async loop(): Promise<void> {
    const { signal, onError, minutes = { first: 3, between: 60 } } = this.#options;
    for (let next = minutes.first; ; next = minutes.between) {
      await wait(next * 60_000 * (0.8 + Math.random() * 0.4), undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.run("routine").catch((error: unknown) => {
        if (!signal.aborted) onError(error);
      });
    }
  }

  /** `everything` empties the caches too. */
  run(how: "routine" | "everything"): Promise<Collected> {
    const run = this.#turn.then(() => this.#run(how));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #run(how: "routine" | "everything"): Promise<Collected> {
    const { paths, now, signal, teams, store, blobs, logs, secrets, prune } = this.#options;
    // Logs first: what fails below it fails every hour, and says so in them.
    for (const file of [paths.agentLog, `${paths.keeper}/keeper.log`]) await rotateLog(file);
    const retention = await readRetention(paths.settings);
    const collection: Collection = { store, blobs, logs, secrets, retention, now: now(), signal };
    let records = 0;
    let freedBytes = 0;
    for (const teamId of teams) {
      const used: UsedBlobs = { sources: new Set(), artifacts: new Set() };
      for await (const { value } of allOf((page) => store.list("projectsOfTeam", { teamId }, page))) {
        records += await collectProject(collection, value, used);
        await pause(collection);
      }
      freedBytes += await collectBlobs(collection, teamId, used);
      records += await collectActivity(collection, teamId);
    }
    await prune(retention);
    freedBytes += await trimCaches(
      paths.cache,
      how === "everything" ? 0 : retention.cacheGb * 1024 ** 3,
      this.#options.programs(),
    );
    return { freedBytes, records };
  }
}
