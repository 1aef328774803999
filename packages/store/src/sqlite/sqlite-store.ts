import { parseEvent } from "@cloudsmith/contracts";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Changes } from "../changes.ts";
import { indexKeysOf, itemsOf, keyOf, type CommitItem } from "../commit-items.ts";
import { conflict } from "../conflict.ts";
import { entities, type EntityName, type EntityOf } from "../entities.ts";
import { cutPage, pageQuery, type AnyPattern } from "../page.ts";
import { patterns, systemPatterns } from "../patterns.ts";
import type { Commit, Outbox, Page, PageOptions, Stored, SystemStore } from "../store.ts";
import { describeSqliteError } from "./describe-sqlite-error.ts";
import { migrations } from "./migrations.ts";
import { giveBackSpace, openDatabase } from "./open-database.ts";

/** Items removed in one transaction once their time is over. */
const prunedAtOnce = 500;
/** How often other processes' commits are looked for, in milliseconds. */
const pollMs = 250;

/** Opens the embedded store. Throws `database-newer`, `database-damaged`, `disk-full`. */
export function openSqliteStore(options: { file: string }): SystemStore & { prune(): Promise<void> } {
  const database = openDatabase(options.file, migrations);
  try {
    return storeOn(database, options.file);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A store on an open connection, which it closes at its end. `file` is named in its errors. */
export function storeOn(database: DatabaseSync, file: string): SystemStore & { prune(): Promise<void> } {
  return new SqliteStore(database, file);
}

const columns = { table: ["pk", "sk"], byParent: ["parent_pk", "parent_sk"], due: ["due_pk", "due_sk"] } as const;

class SqliteStore implements SystemStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #changes = new Changes();
  readonly #file: string;

  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /** Removes what has passed its time, piece by piece, and gives the space of all that was deleted back: DynamoDB does that by itself. */
  async prune(): Promise<void> {
    const sql = `DELETE FROM items WHERE (pk, sk) IN (SELECT pk, sk FROM items WHERE expires_at < ? LIMIT ${prunedAtOnce})`;
    for (let changed = prunedAtOnce; changed === prunedAtOnce; await nextTurn())
      this.#transaction(() => {
        changed = Number(this.#statement(sql).run(Math.floor(Date.now() / 1000)).changes);
      });
    await giveBackSpace(this.#database);
  }

  // The port is asynchronous because its other adapter is; SQLite answers at once.
  // oxlint-disable-next-line require-await
  async get<N extends EntityName>(entity: N, fields: Partial<EntityOf<N>>): Promise<Stored<N> | undefined> {
    const { pk, sk } = keyOf(entity, fields);
    const sql = "SELECT version, value FROM items WHERE pk = ? AND sk = ?";
    const row = this.#read(() => this.#statement(sql).get(pk, sk));
    return row === undefined ? undefined : storedOf<N>(row);
  }

  list: SystemStore["list"] = (pattern, args, page) => this.#page(patterns[pattern], args, page);
  scan: SystemStore["scan"] = (pattern, args, page) => this.#page(systemPatterns[pattern], args, page);

  // oxlint-disable-next-line require-await
  async #page<T extends Stored, C extends "strong" | "eventual">(
    definition: AnyPattern,
    args: object,
    options?: PageOptions,
  ): Promise<Page<T, C>> {
    const { pk, bound, limit, ascending, after } = pageQuery(definition, args, options, 2);
    const [pkColumn, skColumn] = columns[definition.index];
    const conditions = [`${pkColumn} = ?`];
    const values: SQLInputValue[] = [pk];
    if (bound !== undefined) {
      conditions.push(`${skColumn} ${bound.operator} ?`);
      values.push(bound.sk);
    }
    if (after !== undefined) {
      conditions.push(`(${skColumn}, sk) ${ascending ? ">" : "<"} (?, ?)`);
      values.push(...after);
    }
    const direction = ascending ? "ASC" : "DESC";
    const sql = `SELECT version, value, ${skColumn} AS k, sk FROM items WHERE ${conditions.join(" AND ")} ORDER BY ${skColumn} ${direction}, sk ${direction} LIMIT ?`;
    const rows = this.#read(() => this.#statement(sql).all(...values, limit + 1));
    const { shown, cursor } = cutPage(rows, limit, (row) => [String(row["k"]), String(row["sk"])]);
    return {
      // The pattern tables pair arguments, entity and consistency; the generic signatures of the port carry that pairing.
      items: shown.map((row) => storedOf(row) as T),
      consistency: (definition.index === "table" ? "strong" : "eventual") as C,
      ...(cursor !== undefined && { cursor }),
    };
  }

  // oxlint-disable-next-line require-await
  async commit(commit: Commit): Promise<void> {
    const items = itemsOf(commit);
    const events = commit.events ?? [];
    if (items.length === 0 && events.length === 0) return;
    this.#transaction(() => {
      for (const item of items) this.#apply(item);
      for (const event of events) this.#run("INSERT INTO outbox (event) VALUES (?)", [JSON.stringify(event)]);
    });
    if (events.length > 0) this.#changes.tell();
  }

  #apply(item: CommitItem): void {
    const { pk, sk } = item.key;
    const found = this.#statement("SELECT version FROM items WHERE pk = ? AND sk = ?").get(pk, sk)?.["version"];
    const version = found === undefined ? undefined : Number(found);
    if (!holds(item, version)) throw conflict(item, version ?? "absent");
    if (item.kind === "delete") this.#run("DELETE FROM items WHERE pk = ? AND sk = ?", [pk, sk]);
    if (item.kind !== "put") return;
    const { byParent, due } = indexKeysOf(item.entity, item.value);
    const definition: { ttlSeconds?: number } = entities[item.entity];
    const expires = definition.ttlSeconds === undefined ? null : Math.floor(Date.now() / 1000) + definition.ttlSeconds;
    this.#run(
      `INSERT INTO items (pk, sk, entity, version, value, parent_pk, parent_sk, due_pk, due_sk, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (pk, sk) DO UPDATE SET version = excluded.version, value = excluded.value, parent_pk = excluded.parent_pk,
         parent_sk = excluded.parent_sk, due_pk = excluded.due_pk, due_sk = excluded.due_sk, expires_at = excluded.expires_at`,
      [
        pk,
        sk,
        item.entity,
        (version ?? 0) + 1,
        JSON.stringify(item.value),
        byParent?.pk ?? null,
        byParent?.sk ?? null,
        due?.pk ?? null,
        due?.sk ?? null,
        expires,
      ],
    );
  }

  readonly outbox: Outbox = {
    // oxlint-disable-next-line require-await
    pending: async (limit) => {
      const sql = "SELECT position, event FROM outbox ORDER BY position LIMIT ?";
      const rows = this.#read(() => this.#statement(sql).all(limit));
      return rows.map((row) => ({ id: String(row["position"]), event: parseEvent(JSON.parse(String(row["event"]))) }));
    },
    // oxlint-disable-next-line require-await
    remove: async (ids) => {
      this.#transaction(() => {
        for (const id of ids) this.#run("DELETE FROM outbox WHERE position = ?", [Number(id)]);
      });
    },
    // SQLite's data_version changes when another connection has committed.
    changed: (signal) => {
      const before = this.#dataVersion();
      return this.#changes.next(signal, pollMs, () => this.#dataVersion() !== before);
    },
  };

  #dataVersion(): unknown {
    return this.#database.isOpen ? this.#statement("PRAGMA data_version").get()?.["data_version"] : "closed";
  }

  // oxlint-disable-next-line require-await
  async close(): Promise<void> {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
    this.#changes.tell();
  }

  #read<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw describeSqliteError(error, this.#file);
    }
  }

  #transaction(run: () => void): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        run();
        this.#database.exec("COMMIT");
      } catch (error) {
        // A full disk rolls back by itself.
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    } catch (error) {
      throw describeSqliteError(error, this.#file);
    }
  }

  #run(sql: string, values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
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

function holds(item: CommitItem, version: number | undefined): boolean {
  if (item.condition === "any") return true;
  if (item.condition === "absent") return version === undefined;
  if (item.condition === "present") return version !== undefined;
  return version === item.condition.version;
}

function storedOf<N extends EntityName>(row: { version?: unknown; value?: unknown }): Stored<N> {
  // Values were parsed by the entity's schema when they were written.
  return { value: JSON.parse(String(row.value)) as EntityOf<N>, version: Number(row.version) };
}
