import {
  BatchWriteItemCommand,
  GetItemCommand,
  QueryCommand,
  type AttributeValue,
  type DynamoDBClient,
  type TransactWriteItem,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { CloudSmithError, parseEvent, type AnyEvent } from "@cloudsmith/contracts";
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Changes } from "../changes.ts";
import type { Outbox, OutboxEntry } from "../store.ts";

/** Partitions that the outbox is spread over, since one takes about a thousand writes a second. Never change it: entries would be lost from sight. */
const shards = 8;
/** How often others' commits are looked for, in milliseconds. */
const pollMs = 500;
/** A clock that nobody used for so long may be dropped: every entry it ordered has been published. In seconds. */
const clockTtl = 30 * 24 * 3600;

interface Row extends OutboxEntry {
  readonly key: string;
  readonly sk: string;
}

/**
 * The outbox as items of the same table, written in the commit's own transaction.
 *
 * Why entries of one partition key come in the order of their commits, whatever the writers' clocks say: each key has a clock item
 * that holds the last time given to an entry. A commit reads it, gives its entries max(now, last + 1), and moves the clock on in the same transaction
 * under the condition that it still holds what was read. Of two commits that race, one is refused and takes a later time, so times grow in commit order.
 *
 * Why `pending` never shows an entry without those before it: a query that runs while commits land can miss an entry and still see
 * a later one. So it reads twice, and gives only what is not later than what the first read saw: those before that had been committed when the second read began.
 */
export class DynamoOutbox implements Outbox {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #changes: Changes;

  constructor(client: DynamoDBClient, table: string, changes: Changes) {
    this.#client = client;
    this.#table = table;
    this.#changes = changes;
  }

  /** The writes that add events to the outbox; the first ones are those of the clocks, whose conditions may fail in a race. */
  async writes(
    events: readonly AnyEvent[],
    now: Date,
  ): Promise<{ clocks: TransactWriteItem[]; entries: TransactWriteItem[] }> {
    const keys = [...new Set(events.map((event) => event.partitionkey))];
    const ticks = await Promise.all(keys.map(async (key) => this.#tick(key, now)));
    const times = new Map(ticks.map(({ key, time }) => [key, time]));
    const entries = events.map((event, index) => ({
      Put: {
        TableName: this.#table,
        Item: {
          pk: { S: shardOf(event.partitionkey) },
          sk: { S: `${padded(times.get(event.partitionkey) ?? 0, 16)}#${padded(index, 3)}#${event.partitionkey}` },
          value: { S: JSON.stringify(event) },
        },
      },
    }));
    return { clocks: ticks.map(({ write }) => write), entries };
  }

  async #tick(key: string, now: Date): Promise<{ key: string; time: number; write: TransactWriteItem }> {
    const at = { pk: { S: `outbox-clock#${key}` }, sk: { S: "clock" } };
    const found = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: at, ConsistentRead: true }),
    );
    const last = found.Item?.["last"]?.N;
    // Microseconds, so that a burst of commits does not run ahead of the time.
    const time = Math.max(now.getTime() * 1000, Number(last ?? 0) + 1);
    const item = {
      ...at,
      last: { N: String(time) },
      expiresAt: { N: String(Math.floor(now.getTime() / 1000) + clockTtl) },
    };
    const condition =
      last === undefined
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : {
            ConditionExpression: "#last = :last",
            ExpressionAttributeNames: { "#last": "last" },
            ExpressionAttributeValues: { ":last": { N: last } },
          };
    return { key, time, write: { Put: { TableName: this.#table, Item: item, ...condition } } };
  }

  async pending(limit: number): Promise<readonly OutboxEntry[]> {
    const seen = new Map<string, string>();
    for (const { key, sk } of await this.#read(limit)) seen.set(key, sk);
    if (seen.size === 0) return [];
    const rows = await this.#read(limit);
    return rows.filter(({ key, sk }) => sk <= (seen.get(key) ?? "")).map(({ id, event }) => ({ id, event }));
  }

  /** The oldest entries of all shards, by time; those of one key are in one shard. */
  async #read(limit: number): Promise<Row[]> {
    const names = Array.from({ length: shards }, (_, index) => `outbox#${index}`);
    const rows = await Promise.all(names.map(async (name) => this.#readShard(name, limit)));
    return rows
      .flat()
      .sort((a, b) => (a.sk < b.sk ? -1 : 1))
      .slice(0, limit);
  }

  async #readShard(pk: string, limit: number): Promise<Row[]> {
    const rows: Row[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": { S: pk } },
          Limit: limit - rows.length,
          ...(start !== undefined && { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? []) {
        const sk = item["sk"]?.S ?? "";
        const event = parseEvent(JSON.parse(item["value"]?.S ?? "null"));
        rows.push({ id: `${pk}|${sk}`, sk, key: event.partitionkey, event });
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined && rows.length < limit);
    return rows;
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += 25) {
      const requests = ids.slice(from, from + 25).map((id) => {
        const cut = id.indexOf("|");
        return { DeleteRequest: { Key: { pk: { S: id.slice(0, cut) }, sk: { S: id.slice(cut + 1) } } } };
      });
      await this.#delete(requests);
    }
  }

  /** A batch can be done in part when DynamoDB is busy; the rest is asked for again, with growing pauses. */
  async #delete(requests: WriteRequest[]): Promise<void> {
    let rest = requests;
    for (let attempt = 0; attempt < 10; attempt++) {
      const answer = await this.#client.send(new BatchWriteItemCommand({ RequestItems: { [this.#table]: rest } }));
      rest = answer.UnprocessedItems?.[this.#table] ?? [];
      if (rest.length === 0) return;
      await wait(20 * 2 ** attempt);
    }
    throw new CloudSmithError("rate-limited", "DynamoDB is limiting requests", { fix: "Try again in a moment" });
  }

  /** DynamoDB does not tell of commits, so a poll is always worth a look. */
  changed(signal: AbortSignal): Promise<void> {
    return this.#changes.next(signal, pollMs, () => true);
  }
}

function shardOf(key: string): string {
  return `outbox#${(createHash("sha256").update(key).digest()[0] ?? 0) % shards}`;
}

function padded(n: number, digits: number): string {
  return String(n).padStart(digits, "0");
}
