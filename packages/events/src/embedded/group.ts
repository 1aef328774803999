import { setTimeout as wait } from "node:timers/promises";
import { defaultRetries, type SubscribeOptions } from "../bus.ts";
import { deliver } from "../deliver.ts";
import { KeyQueues } from "../key-queues.ts";
import type { BusFile, Delivery, Place } from "./bus-file.ts";

/** Pause before a mark that could not be written (a full disk) is tried again, in milliseconds. */
const markPauseMs = 1000;

/** One consumer group's members in this process, from the first that joins until the last has left. */
export class Group {
  readonly #file: BusFile;
  readonly #onError: (error: unknown) => void;
  readonly #members = new Set<SubscribeOptions>();
  readonly #stopped = new AbortController();
  readonly #queues = new KeyQueues<Place>((place) => this.#work(place));

  constructor(file: BusFile, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  join(member: SubscribeOptions): void {
    this.#members.add(member);
  }

  leave(member: SubscribeOptions): void {
    this.#members.delete(member);
    if (this.isEmpty) this.#stopped.abort();
  }

  /** Memory holds places only; the events stay in the file until their turn. */
  take(place: Place): void {
    this.#queues.push(place.key, place);
  }

  /** Lets the running handlers end; the rest stays in the file. */
  async stop(): Promise<void> {
    this.#members.clear();
    this.#stopped.abort();
    await this.#queues.idle();
  }

  async #work(place: Place): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        const delivery = this.#file.delivery(place);
        if (delivery === undefined || (await this.#deliver(delivery))) return;
      } catch (error) {
        // The file cannot be read or written, or holds an event of another version: it waits, and with it its key.
        this.#onError(error);
        await wait(markPauseMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      }
    }
  }

  /** False when its member left before it was handled: another one takes it. */
  async #deliver(delivery: Delivery): Promise<boolean> {
    const [member] = this.#members;
    if (member === undefined) return false;
    const outcome = await deliver(delivery.event, {
      handler: member.handler,
      retries: member.retries ?? defaultRetries,
      signal: AbortSignal.any([member.signal, this.#stopped.signal]),
      before: delivery.attempts,
      onFailed: (attempts) => this.#file.failed(delivery, attempts),
    });
    if (outcome.type === "handled") this.#file.handled(delivery);
    if (outcome.type === "dead") this.#file.bury(delivery, outcome.attempts, outcome.error);
    return outcome.type !== "stopped";
  }
}
