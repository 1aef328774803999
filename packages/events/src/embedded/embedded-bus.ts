import { CloudSmithError, eventTable, type AnyEvent, type Topic } from "@cloudsmith/contracts";
import type { DeadLetter, DeadLetters, EventBus, SubscribeOptions } from "../bus.ts";
import { BusFile, type Place } from "./bus-file.ts";
import { Group } from "./group.ts";

/**
 * Opens the bus of an embedded installation: durable in one SQLite file, delivered within the process, which must be the only one that
 * has it open. `onError` hears of what no caller can: a file that cannot be written while an event is handled, a tail that throws. Throws as `openDatabase`.
 */
export function openEmbeddedBus(options: { file: string; onError?: (error: unknown) => void }): PrunedBus {
  return busOn(new BusFile(options.file), options.onError ?? warn);
}

/** A bus on an open file, which it closes at its end. */
export function busOn(file: BusFile, onError: (error: unknown) => void): PrunedBus {
  return new EmbeddedBus(file, onError);
}

interface PrunedBus extends EventBus {
  /** Drops the dead letters that are older than so many days. */
  prune(options: { deadLetterDays: number }): Promise<void>;
}

interface Tail {
  readonly topics: ReadonlySet<Topic>;
  readonly onEvent: (event: AnyEvent) => void;
}

class EmbeddedBus implements PrunedBus {
  readonly #file: BusFile;
  readonly #onError: (error: unknown) => void;
  readonly #groups = new Map<string, Group>();
  /** Groups whose last member has left and whose handlers have not ended yet. */
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #tails = new Set<Tail>();

  constructor(file: BusFile, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  // The port is asynchronous because its other adapter is.
  // oxlint-disable-next-line require-await
  async publish(events: readonly AnyEvent[]): Promise<void> {
    for (const place of this.#file.append(events)) this.#hand(place);
    for (const event of events) for (const tail of this.#tails) this.#show(tail, event);
  }

  #hand(place: Place): void {
    this.#groups.get(place.group)?.take(place);
  }

  #show(tail: Tail, event: AnyEvent): void {
    if (!tail.topics.has(eventTable[event.type].topic)) return;
    try {
      tail.onEvent(event);
    } catch (error) {
      this.#onError(error);
    }
  }

  async subscribe(options: SubscribeOptions): Promise<void> {
    const { group: name, topics, signal } = options;
    signal.throwIfAborted();
    this.#file.join(name, topics);
    // Handlers of members that left end first, so that none meets its key's next event.
    while (this.#leaving.has(name)) await this.#leaving.get(name);
    if (signal.aborted) return;
    const group = this.#groups.get(name) ?? new Group(this.#file, this.#onError);
    const isFirst = group.isEmpty;
    group.join(options);
    this.#groups.set(name, group);
    signal.addEventListener("abort", () => this.#leave(name, group, options), { once: true });
    if (isFirst) for (const place of this.#file.waiting(name)) group.take(place);
  }

  #leave(name: string, group: Group, member: SubscribeOptions): void {
    group.leave(member);
    if (!group.isEmpty || this.#groups.get(name) !== group) return;
    this.#groups.delete(name);
    const ended = group.stop().finally(() => this.#leaving.delete(name));
    this.#leaving.set(name, ended);
  }

  // oxlint-disable-next-line require-await
  async tail({ topics, onEvent, signal }: Parameters<EventBus["tail"]>[0]): Promise<void> {
    if (signal.aborted) return;
    const tail: Tail = { topics: new Set(topics), onEvent };
    this.#tails.add(tail);
    signal.addEventListener("abort", () => this.#tails.delete(tail), { once: true });
  }

  readonly deadLetters: DeadLetters = {
    // oxlint-disable-next-line require-await
    list: async ({ limit = 100, cursor = "" } = {}) => {
      const found = this.#file.deadLetters(cursor, limit + 1);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items, ...(found.length > limit && last !== undefined && { cursor: last.id }) };
    },
    // oxlint-disable-next-line require-await
    get: async (id) => this.#file.deadLetter(id),
    // oxlint-disable-next-line require-await
    replay: async (id) => {
      const place = this.#file.exhume(this.#letter(id), true);
      if (place !== undefined) this.#hand(place);
    },
    // oxlint-disable-next-line require-await
    discard: async (id) => {
      this.#file.exhume(this.#letter(id), false);
    },
  };

  async prune({ deadLetterDays }: { deadLetterDays: number }): Promise<void> {
    await this.#file.dropDeadLetters(Date.now() - deadLetterDays * 24 * 3600_000);
  }

  #letter(id: string): DeadLetter {
    const letter = this.#file.deadLetter(id);
    if (letter === undefined)
      throw new CloudSmithError("not-found", `There is no dead letter ${id}`, {
        fix: "List them: cloudsmith events dlq",
      });
    return letter;
  }

  // oxlint-disable-next-line require-await
  async lag(group: string): Promise<number> {
    return this.#file.lag(group);
  }

  async close(): Promise<void> {
    const groups = [...this.#groups.values()];
    this.#groups.clear();
    this.#tails.clear();
    await Promise.all([...groups.map((group) => group.stop()), ...this.#leaving.values()]);
    this.#file.close();
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
