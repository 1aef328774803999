import { toCloudSmithError, type AnyEvent, type Topic } from "@cloudsmith/contracts";
import { setTimeout as wait } from "node:timers/promises";
import { defaultRetries, type SubscribeOptions } from "../bus.ts";

/** One event on its way to one group. */
export interface Delivery {
  readonly position: number;
  readonly group: string;
  readonly topic: Topic;
  readonly event: AnyEvent;
  /** Attempts that failed before. */
  readonly attempts: number;
}

interface ConsumerOptions extends SubscribeOptions {
  readonly done: (delivery: Delivery) => void;
  readonly failed: (delivery: Delivery, attempts: number) => void;
  readonly dead: (delivery: Delivery, attempts: number, error: string) => void;
}

/** Handles a group's events: those of one key one after the other, keys side by side. */
export class GroupConsumer {
  readonly #options: ConsumerOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #queues = new Map<string, Delivery[]>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
  }

  take(delivery: Delivery): void {
    if (this.#signal.aborted) return;
    const key = delivery.event.partitionkey;
    const queue = this.#queues.get(key);
    if (queue !== undefined) return void queue.push(delivery);
    const fresh = [delivery];
    this.#queues.set(key, fresh);
    const running = this.#drain(key, fresh).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** What was taken and not handled yet, oldest first. */
  unhandled(): Delivery[] {
    return [...this.#queues.values()].flat().sort((a, b) => a.position - b.position);
  }

  /** Resolves when the running handlers have ended; what they did not handle stays stored. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #drain(key: string, queue: Delivery[]): Promise<void> {
    // Handlers never run inside the publisher's call.
    await Promise.resolve();
    for (let next = queue[0]; next !== undefined && !this.#signal.aborted; next = queue[0]) {
      const handled = await this.#handle(next);
      if (handled) queue.shift();
    }
    if (queue.length === 0) this.#queues.delete(key);
  }

  /** Tries until it is handled or dead; false when it was stopped before. */
  async #handle(delivery: Delivery): Promise<boolean> {
    const { handler, retries = defaultRetries, done, failed, dead } = this.#options;
    for (let attempt = delivery.attempts + 1; ; attempt++) {
      try {
        await handler(delivery.event, { signal: this.#signal, attempt });
        done(delivery);
        return true;
      } catch (error) {
        if (this.#signal.aborted) return false;
        if (attempt >= retries.attempts) {
          const { code, message, why } = toCloudSmithError(error);
          dead(delivery, attempt, `${code}: ${why ?? message}`);
          return true;
        }
        failed(delivery, attempt);
        await wait(Math.min(retries.maxMs, retries.firstMs * 2 ** (attempt - 1)), undefined, {
          signal: this.#signal,
        }).catch(() => undefined);
        if (this.#signal.aborted) return false;
      }
    }
  }
}
