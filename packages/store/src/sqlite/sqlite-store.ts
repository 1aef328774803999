import { CloudSmithError, parseEvent, toCloudSmithError } from "@cloudsmith/contracts";
import { setTimeout as wait } from "node:timers/promises";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { indexKeysOf, itemsOf, keyOf, type CommitItem } from "../commit-items.ts";
import { entities, type EntityName, type EntityOf } from "../entities.ts";
import { patterns, systemPatterns } from "../patterns.ts";
import type { Commit, Outbox, Page, PageOptions, Stored, SystemStore } from "../store.ts";
import { migrations } from "./migrations.ts";
import { openDatabase } from "./open-database.ts";

/** How often other processes' commits are looked for, in milliseconds. */
const pollMs = 250;

/** Opens the embedded store. Throws `database-newer`, `database-damaged`, `disk-full`. */
export function openSqliteStore(options: { file: string }): SystemStore {
  return new SqliteStore(openDatabase(options.file, migrations));
}

interface Row {
  readonly version: number;
  readonly value: string;
  readonly k: string;
  readonly sk: string;
}

const columns = { table: ["pk", "sk"], byParent: ["parent_pk", "parent_sk"], due: ["due_pk", "due_sk"] } as const;

class SqliteStore implements SystemStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #committed = Promise.withResolvers<void>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#run("DELETE FROM items WHERE expires_at IS NOT NULL AND expires_at < ?", [Math.floor(Date.now() / 1000)]);
  }

  // The port is asynchronous because its other adapter is; SQLite answers at once.
  // oxlint-disable-next-line require-await
  async get<N extends EntityName>(entity: N, fields: Partial<EntityOf<N>>): Promise<Stored<N> | undefined> {
    const { pk, sk } = keyOf(entity, fields);
    const row = this.#statement("SELECT version, value FROM items WHERE pk = ? AND sk = ?").get(pk, sk);
    return row === undefined ? undefined : storedOf<N>(row);
  }

  list: SystemStore["list"] = (pattern, args, page) => this.#page(patterns[pattern], args, page);
  scan: SystemStore["scan"] = (pattern, args, page) => this.#page(systemPatterns[pattern], args, page);

  // The pattern tables pair arguments, entity and consistency; the generic signatures of the port carry that pairing.
  // oxlint-disable-next-line require-await
  async #page<T extends Stored, C extends "strong" | "eventual">(
    definition: AnyPattern,
    args: object,
    options: PageOptions = {},
  ): Promise<Page<T, C>> {
    const [pkColumn, skColumn] = columns[definition.index];
    const ascending = options.order !== "descending";
    const limit = Math.min(1000, Math.max(1, options.limit ?? 100));
    const conditions = [`${pkColumn} = ?`];
    const values: SQLInputValue[] = [definition.pk(args as never)];
    const add = (condition: string, ...more: (string | undefined)[]): void => {
      if (more.some((value) => value === undefined)) return;
      conditions.push(condition);
      values.push(...more.map(String));
    };
    add(`${skColumn} = ?`, definition.sk?.(args as never));
    add(`${skColumn} < ?`, definition.skBefore?.(args as never));
    add(`${skColumn} > ?`, definition.skAfter?.(args as never));
    const after = decodeCursor(options.cursor);
    if (after !== undefined) add(`(${skColumn}, sk) ${ascending ? ">" : "<"} (?, ?)`, after.k, after.sk);
    const direction = ascending ? "ASC" : "DESC";
    const sql = `SELECT version, value, ${skColumn} AS k, sk FROM items WHERE ${conditions.join(" AND ")} ORDER BY ${skColumn} ${direction}, sk ${direction} LIMIT ?`;
    // SQLite gives rows of the selected columns.
    const rows = this.#statement(sql).all(...values, limit + 1) as unknown as Row[];
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => storedOf(row) as T),
      consistency: (definition.index === "table" ? "strong" : "eventual") as C,
      ...(rows.length > limit && last !== undefined && { cursor: encodeCursor(last) }),
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
    if (events.length > 0) {
      const told = this.#committed;
      this.#committed = Promise.withResolvers<void>();
      told.resolve();
    }
  }

  #apply(item: CommitItem): void {
    const { pk, sk } = item.key;
    const found = this.#statement("SELECT version FROM items WHERE pk = ? AND sk = ?").get(pk, sk)?.["version"];
    const version = found === undefined ? undefined : Number(found);
    if (!holds(item, version)) {
      throw new CloudSmithError("conflict", "Somebody else changed this at the same moment", {
        why: `${item.entity} ${sk} is ${version === undefined ? "absent" : `at version ${version}`}, not ${typeof item.condition === "string" ? item.condition : `at version ${item.condition.version}`}`,
        fix: "Look at it again and repeat",
      });
    }
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
      const rows = this.#statement("SELECT position, event FROM outbox ORDER BY position LIMIT ?").all(limit);
      return rows.map((row) => ({ id: String(row["position"]), event: parseEvent(JSON.parse(String(row["event"]))) }));
    },
    // oxlint-disable-next-line require-await
    remove: async (ids) => {
      this.#transaction(() => {
        for (const id of ids) this.#run("DELETE FROM outbox WHERE position = ?", [Number(id)]);
      });
    },
    changed: async (signal) => {
      const poll = new AbortController();
      const stop = AbortSignal.any([signal, poll.signal]);
      await Promise.race([this.#committed.promise, this.#otherProcessCommitted(stop)]);
      poll.abort();
    },
  };

  /** SQLite's data_version changes when another connection has committed. */
  async #otherProcessCommitted(signal: AbortSignal): Promise<void> {
    const version = (): unknown => this.#statement("PRAGMA data_version").get()?.["data_version"];
    const before = version();
    while (!signal.aborted) {
      await wait(pollMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || version() !== before) return;
    }
  }

  // oxlint-disable-next-line require-await
  async close(): Promise<void> {
    this.#statements.clear();
    this.#database.close();
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
      throw toCloudSmithError(error);
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

interface AnyPattern {
  readonly index: keyof typeof columns;
  // Patterns take their own argument types; the port's generic signatures have checked them.
  readonly pk: (args: never) => string;
  readonly sk?: (args: never) => string;
  readonly skBefore?: (args: never) => string | undefined;
  readonly skAfter?: (args: never) => string | undefined;
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

function encodeCursor(row: { k: string; sk: string }): string {
  return Buffer.from(JSON.stringify([row.k, row.sk])).toString("base64url");
}

function decodeCursor(cursor: string | undefined): { k: string; sk: string } | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [k, sk] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
    if (typeof k === "string" && typeof sk === "string") return { k, sk };
  } catch {
    // Falls through to the same answer.
  }
  throw new CloudSmithError("invalid-input", "This cursor is not one of ours", { fix: "Start from the first page" });
}
