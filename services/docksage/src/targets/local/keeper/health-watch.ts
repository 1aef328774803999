import { setTimeout as delay } from "node:timers/promises";
import type { KeeperRelease, Listener } from "../protocol.ts";
import { statusesUntilRecovered, waitForAnswer, type Answer } from "./probe.ts";
import { whenAborted } from "./when-aborted.ts";

export interface HealthWatchOptions {
  readonly release: KeeperRelease;
  /** The port that the app was told. */
  readonly port: number;
  readonly hostHeader: () => string;
  /** What the app's processes listen on now. */
  readonly findListeners: () => Promise<Listener[]>;
  readonly onListeners: (listeners: Listener[]) => void;
  readonly onAnswer: (answer: Answer) => void;
  /** The health path answers with this status now. */
  readonly onStatus: (status: number) => void;
  readonly onRefused: () => void;
}

/** Finds where an app answers and notices when it no longer does. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  #refused = new AbortController();

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  /** The proxy could not connect: the app is looked for again. */
  noteRefused(): void {
    this.#refused.abort();
  }

  /** Watches until the signal fires (true) or the app does not answer within its start limit (false). */
  async run(signal: AbortSignal): Promise<boolean> {
    const { release, hostHeader, onAnswer, onStatus, onRefused } = this.#options;
    for (;;) {
      const answer = await this.#awaitAnswer(signal);
      if (answer === null) return signal.aborted;
      onAnswer(answer);
      const lost = new AbortController();
      const recovery = AbortSignal.any([signal, lost.signal, AbortSignal.timeout(release.health.startSeconds * 1000)]);
      void followStatuses({ ...answer, path: release.health.path, hostHeader }, recovery, onStatus);
      const isRefused = await this.#untilLost(answer, signal);
      lost.abort();
      if (signal.aborted) return true;
      if (isRefused) onRefused();
    }
  }

  /** Null when the signal fired or the start limit is over. */
  async #awaitAnswer(signal: AbortSignal): Promise<Answer | null> {
    const { release, port, hostHeader, findListeners, onListeners } = this.#options;
    const deadline = AbortSignal.timeout(release.health.startSeconds * 1000);
    const portHint = release.run.type === "process" ? release.run.portHint : null;
    const target = { port, portHint, path: release.health.path, hostHeader, listeners: findListeners, onListeners };
    try {
      return await waitForAnswer(target, AbortSignal.any([signal, deadline]));
    } catch (error) {
      if (signal.aborted || deadline.aborted) return null;
      throw error;
    }
  }

  /** Until the app refuses a connection (true) or, having been found elsewhere (perhaps a debugger), listens on the port it was told after all. */
  async #untilLost(answer: Answer, signal: AbortSignal): Promise<boolean> {
    this.#refused = new AbortController();
    const done = new AbortController();
    const lost = AbortSignal.any([signal, this.#refused.signal]);
    const isElsewhere = answer.port !== this.#options.port;
    const moved = isElsewhere ? this.#untilToldPort(AbortSignal.any([lost, done.signal])) : whenAborted(lost);
    await Promise.race([whenAborted(lost), moved]);
    done.abort();
    return this.#refused.signal.aborted;
  }

  /** Looks for the told port once a second within the start limit; without it, waits for the signal. */
  async #untilToldPort(signal: AbortSignal): Promise<void> {
    const { port, release, findListeners } = this.#options;
    for (let seconds = 0; seconds < release.health.startSeconds && !signal.aborted; seconds++) {
      await delay(1000, undefined, { signal }).catch(() => undefined);
      if ((await findListeners()).some((listener) => listener.port === port)) return;
    }
    await whenAborted(signal);
  }
}

async function followStatuses(
  asked: Parameters<typeof statusesUntilRecovered>[0],
  signal: AbortSignal,
  onStatus: (status: number) => void,
): Promise<void> {
  for await (const status of statusesUntilRecovered(asked, signal)) onStatus(status);
}
