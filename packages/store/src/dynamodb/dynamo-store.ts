import {
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { CloudSmithError } from "@cloudsmith/contracts";
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Changes } from "../changes.ts";
import { itemsOf, keyOf, type CommitItem } from "../commit-items.ts";
import { conflict } from "../conflict.ts";
import type { EntityName, EntityOf } from "../entities.ts";
import { cutPage, pageQuery, type AnyPattern, type PageQuery } from "../page.ts";
import { patterns, systemPatterns } from "../patterns.ts";
import type { Commit, Outbox, Page, PageOptions, Stored, SystemStore } from "../store.ts";
import { describeDynamoError } from "./describe-dynamo-error.ts";
import { DynamoOutbox } from "./dynamo-outbox.ts";
import { itemWrite } from "./item-writes.ts";

export { createTable, tableDefinition } from "./create-table.ts";

/** Attempts at a commit that met another transaction on the same items, and their longest pause in milliseconds. */
const attempts = 12;
const longestPauseMs = 400;

/** A store on one DynamoDB table that `createTable` made. The caller owns the client; its retries cover throttling and broken connections. */
export function openDynamoStore(options: { client: DynamoDBClient; table: string }): SystemStore {
  return new DynamoStore(options.client, options.table);
}

type Attributes = Record<string, AttributeValue>;

const keyColumns = { table: ["pk", "sk"], byParent: ["parentPk", "parentSk"], due: ["duePk", "dueSk"] } as const;

class DynamoStore implements SystemStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #changes = new Changes();
  readonly #outbox: DynamoOutbox;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
    this.#outbox = new DynamoOutbox(client, table, this.#changes);
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  async get<N extends EntityName>(entity: N, fields: Partial<EntityOf<N>>): Promise<Stored<N> | undefined> {
    const { pk, sk } = keyOf(entity, fields);
    const { Item } = await described(
      this.#client.send(
        new GetItemCommand({ TableName: this.#table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
      ),
    );
    return Item === undefined ? undefined : storedOf<N>(Item);
  }

  list: SystemStore["list"] = (pattern, args, page) => this.#page(patterns[pattern], args, page);
  scan: SystemStore["scan"] = (pattern, args, page) => this.#page(systemPatterns[pattern], args, page);

  async #page<T extends Stored, C extends "strong" | "eventual">(
    definition: AnyPattern,
    args: object,
    options?: PageOptions,
  ): Promise<Page<T, C>> {
    const query = pageQuery(definition, args, options, 3);
    const rows = await described(this.#rows(definition.index, query).catch(refusedCursor));
    const [, skColumn] = keyColumns[definition.index];
    const { shown, cursor } = cutPage(rows, query.limit, (row) => [
      text(row, skColumn),
      text(row, "pk"),
      text(row, "sk"),
    ]);
    return {
      // The pattern tables pair arguments, entity and consistency; the generic signatures of the port carry that pairing.
      items: shown.map((row) => storedOf(row) as T),
      consistency: (definition.index === "table" ? "strong" : "eventual") as C,
      ...(cursor !== undefined && { cursor }),
    };
  }

  /** Up to one row more than the limit; DynamoDB ends a page after 1 MB, so it may take several queries. */
  async #rows(index: AnyPattern["index"], query: PageQuery): Promise<Attributes[]> {
    const [pkColumn, skColumn] = keyColumns[index];
    const rows: Attributes[] = [];
    let start = query.after && startKey(index, query.pk, query.after);
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          ...(index === "table" ? { ConsistentRead: true } : { IndexName: index }),
          KeyConditionExpression: query.bound ? `#pk = :pk AND #sk ${query.bound.operator} :sk` : "#pk = :pk",
          ExpressionAttributeNames: { "#pk": pkColumn, ...(query.bound && { "#sk": skColumn }) },
          ExpressionAttributeValues: { ":pk": { S: query.pk }, ...(query.bound && { ":sk": { S: query.bound.sk } }) },
          ScanIndexForward: query.ascending,
          Limit: query.limit + 1 - rows.length,
          ...(start !== undefined && { ExclusiveStartKey: start }),
        }),
      );
      rows.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined && rows.length <= query.limit);
    return rows;
  }

  async commit(commit: Commit): Promise<void> {
    const items = itemsOf(commit);
    const events = commit.events ?? [];
    if (items.length === 0 && events.length === 0) return;
    for (let attempt = 1; !(await described(this.#tryCommit(items, events))); attempt++) {
      if (attempt === attempts)
        throw new CloudSmithError("conflict", "Too many others change the same things at this moment", {
          fix: "Try again in a moment",
        });
      // A random part of a growing pause, so that those who met do not meet again.
      await wait(Math.random() * Math.min(longestPauseMs, 10 * 2 ** attempt));
    }
    if (events.length > 0) this.#changes.tell();
  }

  /** False when it met another transaction and is worth another try. Throws `conflict` when a condition of the commit does not hold. */
  async #tryCommit(
    items: readonly CommitItem[],
    events: readonly NonNullable<Commit["events"]>[number][],
  ): Promise<boolean> {
    const now = new Date();
    // Times of the entries are given after the caller's reads: see DynamoOutbox.
    const { clocks, entries } = await this.#outbox.writes(events, now);
    const writes = items.map((item) => itemWrite(this.#table, item, now));
    try {
      await this.#client.send(
        new TransactWriteItemsCommand({
          TransactItems: [...writes, ...clocks, ...entries],
          // The SDK repeats a request whose answer got lost: the token makes it one commit, and the answer true.
          ClientRequestToken: randomUUID(),
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      return this.#mayRetry(error, items);
    }
  }

  /** Reasons come in the order of the writes. */
  #mayRetry(error: TransactionCanceledException, items: readonly CommitItem[]): false {
    const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? "None");
    const failed = items.find((_, index) => reasons[index] === "ConditionalCheckFailed");
    if (failed !== undefined) throw conflict(failed);
    const bad = reasons.find((reason) => !retriable.has(reason));
    if (bad !== undefined) throw error;
    return false;
  }

  async close(): Promise<void> {
    this.#changes.tell();
  }
}

/** A failed condition here is that of an outbox clock: another commit of the same partition key came first. */
const retriable = new Set([
  "None",
  "ConditionalCheckFailed",
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

function startKey(index: AnyPattern["index"], partition: string, after: readonly string[]): Attributes {
  const [k = "", pk = "", sk = ""] = after;
  if (index === "table") return { pk: { S: partition }, sk: { S: sk } };
  const [pkColumn, skColumn] = keyColumns[index];
  return { [pkColumn]: { S: partition }, [skColumn]: { S: k }, pk: { S: pk }, sk: { S: sk } };
}

/** A cursor from outside of what is listed is the caller's mistake, which only DynamoDB can tell. */
function refusedCursor(error: unknown): never {
  if (
    error instanceof Error &&
    error.name === "ValidationException" &&
    /starting key|ExclusiveStartKey/i.test(error.message)
  )
    throw new CloudSmithError("invalid-input", "This cursor belongs to another list", {
      fix: "Start from the first page",
      cause: error,
    });
  throw error;
}

async function described<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw describeDynamoError(error);
  }
}

function storedOf<N extends EntityName>(row: Attributes): Stored<N> {
  // Values were parsed by the entity's schema when they were written.
  return { value: JSON.parse(text(row, "value")) as EntityOf<N>, version: Number(row["version"]?.N) };
}

function text(row: Attributes, name: string): string {
  return row[name]?.S ?? "";
}
