import {
  CloudSmithError,
  eventTable,
  newId,
  parseEvent,
  toCloudSmithError,
  type AnyEvent,
  type Topic,
} from "@cloudsmith/contracts";
import { openDatabase } from "@cloudsmith/store/sqlite-database";
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { DeadLetter, DeadLetters, EventBus, SubscribeOptions } from "../bus.ts";
import { GroupConsumer, type Delivery } from "./group-consumer.ts";
import { migrations } from "./migrations.ts";

/** Opens the bus of an embedded installation: durable in one SQLite file, delivered within the process. Throws as `openDatabase`. */
export function openEmbeddedBus(options: { file: string }): EventBus {
  return new EmbeddedBus(openDatabase(options.file, migrations));
}

interface Tail {
  readonly topics: ReadonlySet<Topic>;
  readonly onEvent: (event: AnyEvent) => void;
}

/** An event is stored once for each group that takes its topic, and removed when that group has handled it. */
class EmbeddedBus implements EventBus {
  readonly #database: DatabaseSync;
  readonly #consumers = new Map<string, Set<GroupConsumer>>();
  readonly #tails = new Set<Tail>();
  #closed = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  // The port is asynchronous because its other adapter is.
  // oxlint-disable-next-line require-await
  async publish(events: readonly AnyEvent[]): Promise<void> {
    const deliveries: Delivery[] = [];
    this.#transaction(() => {
      for (const event of events) {
        const { topic } = eventTable[event.type];
        for (const { name } of this.#all("SELECT name FROM groups WHERE topic = ?", topic))
          deliveries.push(this.#insert(String(name), topic, event));
      }
    });
    for (const delivery of deliveries) this.#hand(delivery);
    for (const event of events)
      for (const tail of this.#tails) if (tail.topics.has(eventTable[event.type].topic)) tail.onEvent(event);
  }

  // oxlint-disable-next-line require-await
  async subscribe(options: SubscribeOptions): Promise<void> {
    const { group, topics, signal } = options;
    this.#transaction(() => {
      for (const topic of topics) this.#exec("INSERT OR IGNORE INTO groups (name, topic) VALUES (?, ?)", group, topic);
    });
    const consumer = new GroupConsumer({
      ...options,
      done: (delivery) => this.#exec("DELETE FROM deliveries WHERE position = ?", delivery.position),
      failed: (delivery, attempts) =>
        this.#exec("UPDATE deliveries SET attempts = ? WHERE position = ?", attempts, delivery.position),
      dead: (delivery, attempts, error) => this.#bury(delivery, attempts, error),
    });
    const consumers = this.#consumers.get(group) ?? new Set();
    // Consumers of one group in one process share its events; the first takes what was left.
    const isFirst = consumers.size === 0;
    this.#consumers.set(group, consumers.add(consumer));
    signal.addEventListener("abort", () => this.#leave(group, consumer), { once: true });
    if (isFirst) this.#resume(group);
  }

  #leave(group: string, consumer: GroupConsumer): void {
    const consumers = this.#consumers.get(group);
    consumers?.delete(consumer);
    const next = consumers?.values().next().value;
    if (next !== undefined && !this.#closed) for (const delivery of consumer.unhandled()) next.take(delivery);
  }

  #resume(group: string): void {
    for (const row of this.#all(
      "SELECT position, name, topic, event, attempts FROM deliveries WHERE name = ? ORDER BY position",
      group,
    ))
      this.#hand(deliveryOf(row));
  }

  /** The consumer of a key is always the same one, so that its events stay in order. */
  #hand(delivery: Delivery): void {
    this.#consumers.get(delivery.group)?.values().next().value?.take(delivery);
  }

  #insert(group: string, topic: Topic, event: AnyEvent): Delivery {
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO deliveries (name, topic, event) VALUES (?, ?, ?)")
      .run(group, topic, JSON.stringify(event));
    return { position: Number(lastInsertRowid), group, topic, event, attempts: 0 };
  }

  #bury(delivery: Delivery, attempts: number, error: string): void {
    this.#transaction(() => {
      this.#exec("DELETE FROM deliveries WHERE position = ?", delivery.position);
      this.#exec(
        "INSERT INTO dead_letters (id, name, topic, event, error, attempts, failed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        newId("event"),
        delivery.group,
        delivery.topic,
        JSON.stringify(delivery.event),
        error,
        attempts,
        new Date().toISOString(),
      );
    });
  }

  // oxlint-disable-next-line require-await
  async tail({ topics, onEvent, signal }: Parameters<EventBus["tail"]>[0]): Promise<void> {
    const tail: Tail = { topics: new Set(topics), onEvent };
    this.#tails.add(tail);
    signal.addEventListener("abort", () => this.#tails.delete(tail), { once: true });
  }

  readonly deadLetters: DeadLetters = {
    // oxlint-disable-next-line require-await
    list: async ({ limit = 100, cursor = "" } = {}) => {
      const rows = this.#all("SELECT * FROM dead_letters WHERE id > ? ORDER BY id LIMIT ?", cursor, limit + 1);
      const items = rows.slice(0, limit).map(deadLetterOf);
      const last = items.at(-1);
      return { items, ...(rows.length > limit && last !== undefined && { cursor: last.id }) };
    },
    // oxlint-disable-next-line require-await
    get: async (id) => {
      const row = this.#all("SELECT * FROM dead_letters WHERE id = ?", id)[0];
      return row === undefined ? undefined : deadLetterOf(row);
    },
    replay: async (id) => {
      const letter = await this.#letter(id);
      const delivery = this.#transaction(() => {
        this.#exec("DELETE FROM dead_letters WHERE id = ?", id);
        return this.#insert(letter.group, letter.topic, letter.event);
      });
      this.#hand(delivery);
    },
    discard: async (id) => {
      await this.#letter(id);
      this.#exec("DELETE FROM dead_letters WHERE id = ?", id);
    },
  };

  async #letter(id: string): Promise<DeadLetter> {
    const letter = await this.deadLetters.get(id);
    if (letter === undefined)
      throw new CloudSmithError("not-found", `There is no dead letter ${id}`, {
        fix: "List them: cloudsmith events dlq",
      });
    return letter;
  }

  // oxlint-disable-next-line require-await
  async lag(group: string): Promise<number> {
    return Number(this.#all("SELECT count(*) AS n FROM deliveries WHERE name = ?", group)[0]?.["n"]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const consumers = [...this.#consumers.values()].flatMap((each) => [...each]);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    this.#database.close();
  }

  #all(sql: string, ...values: SQLInputValue[]): Record<string, SQLOutputValue>[] {
    return this.#database.prepare(sql).all(...values);
  }

  #exec(sql: string, ...values: SQLInputValue[]): void {
    try {
      this.#database.prepare(sql).run(...values);
    } catch (error) {
      throw toCloudSmithError(error);
    }
  }

  #transaction<T>(run: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = run();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw toCloudSmithError(error);
    }
  }
}

function topicOf(event: AnyEvent): Topic {
  return eventTable[event.type].topic;
}

function deliveryOf(row: Record<string, SQLOutputValue>): Delivery {
  const event = parseEvent(JSON.parse(String(row["event"])));
  return {
    position: Number(row["position"]),
    group: String(row["name"]),
    topic: topicOf(event),
    event,
    attempts: Number(row["attempts"]),
  };
}

function deadLetterOf(row: Record<string, SQLOutputValue>): DeadLetter {
  const event = parseEvent(JSON.parse(String(row["event"])));
  return {
    id: String(row["id"]),
    group: String(row["name"]),
    topic: topicOf(event),
    event,
    error: String(row["error"]),
    attempts: Number(row["attempts"]),
    failedAt: String(row["failed_at"]),
  };
}
