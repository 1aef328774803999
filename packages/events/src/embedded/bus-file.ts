import { eventTable, newId, parseEvent, toCloudSmithError, type AnyEvent, type Topic } from "@cloudsmith/contracts";
import { giveBackSpace, openDatabase } from "@cloudsmith/store/sqlite-database";
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import type { DeadLetter } from "../bus.ts";
import { migrations } from "./migrations.ts";

/** Where a delivery stands in the file, and the key that orders it. */
export interface Place {
  readonly position: number;
  readonly group: string;
  readonly key: string;
}

/** One event on its way to one group. */
export interface Delivery extends Place {
  readonly event: AnyEvent;
  /** Attempts that failed before. */
  readonly attempts: number;
}

/** A group that nobody joined for so long has been given up, and with it what waits for it. */
const givenUpMs = 30 * 24 * 3600 * 1000;

type Row = Record<string, SQLOutputValue>;

/** The embedded bus's memory: an event stands in it once for each group that takes its topic, until that group has handled it. */
export class BusFile {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Throws as `openDatabase`. */
  constructor(file: string, now = Date.now()) {
    this.#database = openDatabase(file, migrations);
    this.#giveUp(now - givenUpMs);
  }

  /** Bounds the file, in SQLite's pages; what does not fit is `disk-full`. */
  limitPages(pages: number): void {
    this.#database.exec(`PRAGMA max_page_count = ${pages}`);
  }

  #giveUp(before: number): void {
    this.#transaction(() => {
      this.#run("DELETE FROM groups WHERE joined_at < ?", before);
      this.#run("DELETE FROM deliveries WHERE published_at < ? AND name NOT IN (SELECT name FROM groups)", before);
    });
  }

  /** Drops dead letters that failed before a time in milliseconds since 1970, and makes the file smaller. */
  async dropDeadLetters(before: number): Promise<void> {
    this.#run("DELETE FROM dead_letters WHERE failed_at < ?", new Date(before).toISOString());
    await giveBackSpace(this.#database);
  }

  /** Stores events for all groups at once. */
  append(events: readonly AnyEvent[]): Place[] {
    return this.#transaction(() =>
      events.flatMap((event) =>
        this.#all("SELECT name FROM groups WHERE topic = ?", eventTable[event.type].topic).map(({ name }) =>
          this.#insert(String(name), event),
        ),
      ),
    );
  }

  #insert(group: string, event: AnyEvent): Place {
    const { lastInsertRowid } = this.#statement(
      "INSERT INTO deliveries (name, key, event, published_at) VALUES (?, ?, ?, ?)",
    ).run(group, event.partitionkey, JSON.stringify(event), Date.now());
    return { position: Number(lastInsertRowid), group, key: event.partitionkey };
  }

  /** From now on the group gets the events of these topics, and of those it joined before. */
  join(group: string, topics: readonly Topic[]): void {
    this.#transaction(() => {
      for (const topic of topics)
        this.#run(
          "INSERT INTO groups (name, topic, joined_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET joined_at = excluded.joined_at",
          group,
          topic,
          Date.now(),
        );
    });
  }

  /** What waits for a group, oldest first. */
  waiting(group: string): Place[] {
    return this.#all("SELECT position, key FROM deliveries WHERE name = ? ORDER BY position", group).map((row) => ({
      position: Number(row["position"]),
      group,
      key: String(row["key"]),
    }));
  }

  lag(group: string): number {
    return Number(this.#all("SELECT count(*) AS n FROM deliveries WHERE name = ?", group)[0]?.["n"]);
  }

  /** Undefined where it has been handled. */
  delivery(place: Place): Delivery | undefined {
    const row = this.#all("SELECT event, attempts FROM deliveries WHERE position = ?", place.position)[0];
    return row && { ...place, event: eventOf(row), attempts: Number(row["attempts"]) };
  }

  handled({ position }: Place): void {
    this.#run("DELETE FROM deliveries WHERE position = ?", position);
  }

  failed({ position }: Place, attempts: number): void {
    this.#run("UPDATE deliveries SET attempts = ? WHERE position = ?", attempts, position);
  }

  bury(delivery: Delivery, attempts: number, error: string): void {
    this.#transaction(() => {
      this.#run("DELETE FROM deliveries WHERE position = ?", delivery.position);
      this.#run(
        "INSERT INTO dead_letters (id, name, event, error, attempts, failed_at) VALUES (?, ?, ?, ?, ?, ?)",
        newId("event"),
        delivery.group,
        JSON.stringify(delivery.event),
        error,
        attempts,
        new Date().toISOString(),
      );
    });
  }

  /** Oldest first, since ids are ordered by time. */
  deadLetters(after: string, limit: number): DeadLetter[] {
    return this.#all("SELECT * FROM dead_letters WHERE id > ? ORDER BY id LIMIT ?", after, limit).map(deadLetterOf);
  }

  deadLetter(id: string): DeadLetter | undefined {
    return this.#all("SELECT * FROM dead_letters WHERE id = ?", id).map(deadLetterOf)[0];
  }

  /** Takes a dead letter out; with `again` its event waits for its group as a new one. */
  exhume(letter: DeadLetter, again: boolean): Place | undefined {
    return this.#transaction(() => {
      this.#run("DELETE FROM dead_letters WHERE id = ?", letter.id);
      return again ? this.#insert(letter.group, letter.event) : undefined;
    });
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#described(() => this.#statement(sql).all(...values));
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#described(() => this.#statement(sql).run(...values));
  }

  #transaction<T>(run: () => T): T {
    return this.#described(() => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const result = run();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        // A full disk rolls back by itself.
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  #described<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw toCloudSmithError(error);
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function eventOf(row: Row): AnyEvent {
  return parseEvent(JSON.parse(String(row["event"])));
}

function deadLetterOf(row: Row): DeadLetter {
  const event = eventOf(row);
  return {
    id: String(row["id"]),
    group: String(row["name"]),
    topic: eventTable[event.type].topic,
    event,
    error: String(row["error"]),
    attempts: Number(row["attempts"]),
    failedAt: String(row["failed_at"]),
  };
}
