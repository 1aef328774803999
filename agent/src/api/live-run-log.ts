import type { LogId, PositionedLine } from "@cloudsmith/logs";
import { setTimeout as wait } from "node:timers/promises";
import { findBoth } from "./find.ts";
import type { Channel, Of } from "./live-channel.ts";
import type { Progress } from "./live-cursor.ts";

/** How long a release that is no longer live may still write what belongs to its last requests, in milliseconds. */
const drainMs = 10_000;

/**
 * The run-time log of an environment: of its live release, and of every one that is live after it, each from its first line. Releases overlap
 * while the old one drains; `source` says whose line it is. Returns when the environment is gone. Throws `not-found`.
 */
export async function sendRunLog(channel: Channel, subscription: Of<"run-log">): Promise<void> {
  const { environment } = await findBoth(channel.services.store, channel.teamId, subscription);
  await new RunLog(channel, subscription, environment.id).send();
}

class RunLog {
  readonly #channel: Channel;
  readonly #subscription: Of<"run-log">;
  readonly #environmentId: string;
  readonly #followed = new Map<string, number>();
  readonly #failed = Promise.withResolvers<never>();
  #upTo: number | undefined;

  constructor(channel: Channel, subscription: Of<"run-log">, environmentId: string) {
    this.#channel = channel;
    this.#subscription = subscription;
    this.#environmentId = environmentId;
    this.#failed.promise.catch(() => undefined);
  }

  async send(): Promise<void> {
    const { services, teamId, signal } = this.#channel;
    const changes = this.#changes(signal);
    try {
      const { upTo, releases } = this.#channel.progress();
      this.#upTo = upTo;
      for (const [release, position] of Object.entries(releases ?? {})) this.#begin(release, position);
      while (!signal.aborted) {
        const stored = await services.store.get("environment", { teamId, id: this.#environmentId });
        if (stored === undefined) return;
        await this.#look(stored.value.live);
        await Promise.race([changes.wait(), this.#failed.promise]);
      }
    } finally {
      changes.stop();
    }
  }

  #changes(signal: AbortSignal) {
    return this.#channel.wakeUps.watch(
      (event) => "environmentId" in event.data && event.data.environmentId === this.#environmentId,
      signal,
    );
  }

  /** Follows what became live since the last look. */
  async #look(live: { releaseId: string; sequence: number } | null): Promise<void> {
    if (live === null || (this.#upTo !== undefined && live.sequence <= this.#upTo)) return;
    const isFirst = this.#upTo === undefined;
    const missed = isFirst ? [] : await this.#liveBetween(this.#upTo ?? 0, live.sequence);
    const start = isFirst ? await this.#startOf(live.releaseId) : -1;
    this.#upTo = live.sequence;
    for (const release of missed) this.#begin(release, -1);
    this.#begin(live.releaseId, start);
  }

  /** Releases that came and went while nobody looked. */
  async #liveBetween(after: number, before: number): Promise<string[]> {
    const { store } = this.#channel.services;
    const { teamId } = this.#channel;
    const page = await store.list(
      "releasesOfEnvironment",
      { teamId, environmentId: this.#environmentId },
      { limit: 100, order: "descending" },
    );
    const between = page.items
      .map((item) => item.value)
      .filter(({ sequence }) => sequence > after && sequence < before)
      .toReversed();
    const wereLive = await Promise.all(
      between.map(
        async ({ deploymentId }) =>
          (await store.get("deployment", { teamId, id: deploymentId }))?.value.state === "live",
      ),
    );
    return between.filter((_, index) => wereLive[index]).map(({ id }) => id);
  }

  /** The position ahead of the last lines that were asked for. */
  async #startOf(release: string): Promise<number> {
    const { last } = this.#subscription;
    const { lines, total } = await this.#channel.services.logs.read(this.#logOf(release), { last: Math.max(1, last) });
    return (last > 0 ? (lines[0]?.position ?? total) : total) - 1;
  }

  #begin(release: string, position: number): void {
    this.#followed.set(release, position);
    this.#channel.mark(this.#progress());
    this.#follow(release).catch((error: unknown) => this.#failed.reject(error));
  }

  /** Follows one release until it is no longer live and has ended, or has had its time to drain. */
  async #follow(release: string): Promise<void> {
    const { services, signal } = this.#channel;
    const drained = new AbortController();
    const stop = AbortSignal.any([signal, drained.signal]);
    const changes = this.#changes(stop);
    try {
      const draining = this.#untilDrained(release, changes, stop).finally(() => drained.abort());
      while (!stop.aborted) {
        const after = this.#followed.get(release) ?? -1;
        for await (const lines of services.logs.follow(this.#logOf(release), { after, signal: stop }))
          await this.#forward(release, lines);
        // Ended: for good where another one is live, else until its app is started again.
        if (!(await this.#isLive(release))) break;
        if (!stop.aborted) await changes.wait();
      }
      drained.abort();
      await draining;
    } finally {
      drained.abort();
      changes.stop();
    }
    if (signal.aborted) return;
    this.#followed.delete(release);
    this.#channel.mark(this.#progress());
  }

  async #untilDrained(release: string, changes: { wait(): Promise<void> }, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#isLive(release))) await changes.wait();
    await wait(drainMs, undefined, { signal }).catch(() => undefined);
  }

  async #isLive(release: string): Promise<boolean> {
    const { services, teamId } = this.#channel;
    const stored = await services.store.get("environment", { teamId, id: this.#environmentId });
    return stored?.value.live?.releaseId === release;
  }

  async #forward(release: string, lines: readonly PositionedLine[]): Promise<void> {
    const { key } = this.#subscription;
    const message = {
      type: "log" as const,
      key,
      part: "run" as const,
      source: this.#logOf(release).id,
      lines: [...lines],
    };
    await this.#channel.send(message, () => {
      this.#followed.set(release, lines.at(-1)?.position ?? -1);
      return this.#progress();
    });
  }

  #progress(): Progress {
    return { releases: Object.fromEntries(this.#followed), ...(this.#upTo !== undefined && { upTo: this.#upTo }) };
  }

  #logOf(release: string): LogId {
    return { teamId: this.#channel.teamId, id: `release/${release}` };
  }
}
