import { CloudSmithError, parseEvent } from "@cloudsmith/contracts";
import { entities, type EntityName, type ItemKey } from "./entities.ts";
import { maxCommitBytes, maxCommitItems, maxValueBytes, type Commit, type Condition } from "./store.ts";

/** Bounds of DynamoDB's keys, kept by every adapter. */
const maxPkBytes = 2048;
const maxSkBytes = 1024;

/** One item of a commit with its key worked out. */
export interface CommitItem {
  readonly kind: "check" | "put" | "delete";
  readonly entity: EntityName;
  readonly key: ItemKey;
  readonly value: unknown;
  readonly condition: Condition | "any";
}

/** The primary key of a value. Throws `invalid-input` where a field of it is missing or empty, or the key is too long. */
export function keyOf(entity: EntityName, value: object): ItemKey {
  // Each entity's key function takes its own value; the table pairs them, which the lookup by name hides.
  const key = (entities[entity].key as (value: object) => ItemKey)(withAllFields(entity, value));
  if (typeof key.sk !== "string" || key.sk === "") {
    throw new CloudSmithError("invalid-input", `The key of this ${entity} is incomplete`);
  }
  if (Buffer.byteLength(key.pk) > maxPkBytes || Buffer.byteLength(key.sk) > maxSkBytes) {
    throw new CloudSmithError("invalid-input", `The key of this ${entity} is too long`);
  }
  return key;
}

/** A view of a value in which reading an absent field throws: a key made of half its fields would name another item. */
function withAllFields(entity: EntityName, value: object): object {
  return new Proxy(value, {
    get(target, name) {
      const field: unknown = Reflect.get(target, name);
      if (field === undefined || field === null)
        throw new CloudSmithError("invalid-input", `The key of this ${entity} needs its ${String(name)}`);
      return field;
    },
  });
}

/** The entries of a value in the secondary indexes. */
export function indexKeysOf(
  entity: EntityName,
  value: unknown,
): { byParent: ItemKey | undefined; due: ItemKey | undefined } {
  const definition: { indexes?: Record<string, unknown> } = entities[entity];
  const entry = (name: string): ItemKey | undefined => {
    const make = definition.indexes?.[name];
    // Same pairing as in keyOf.
    return typeof make === "function" ? (make as (value: unknown) => ItemKey | undefined)(value) : undefined;
  };
  return { byParent: entry("byParent"), due: entry("due") };
}

/** The items of a commit, checked: values fit their schemas, none is named twice, no bound is passed. Throws `invalid-input`, `too-large`. */
export function itemsOf(commit: Commit): CommitItem[] {
  const items: CommitItem[] = [
    ...(commit.checks ?? []).map((each) => item("check", each)),
    ...(commit.puts ?? []).map((each) => ({
      ...item("put", each),
      // A value that does not fit its schema is a bug of the caller: it throws, and nothing is stored.
      value: entities[each.entity].schema.parse(each.value),
    })),
    ...(commit.deletes ?? []).map((each) => item("delete", each)),
  ];
  checkBounds(commit, items);
  const names = new Set(items.map(({ key }) => `${key.pk}\n${key.sk}`));
  if (names.size < items.length) throw new CloudSmithError("invalid-input", "A commit names an item twice");
  return items;
}

function item(
  kind: CommitItem["kind"],
  each: { entity: EntityName; value: object; if: CommitItem["condition"] },
): CommitItem {
  return { kind, entity: each.entity, key: keyOf(each.entity, each.value), value: undefined, condition: each.if };
}

function checkBounds(commit: Commit, items: readonly CommitItem[]): void {
  const events = commit.events ?? [];
  const keys = new Set(events.map((event) => event.partitionkey));
  const count = items.length + events.length + keys.size;
  if (count > maxCommitItems)
    throw new CloudSmithError("invalid-input", `A commit of ${count} items is too large`, {
      why: `At most ${maxCommitItems} are applied at once, counting events and their partition keys`,
    });
  const sizes = [
    ...items.filter(({ kind }) => kind === "put").map(({ value }) => bytesOf(value)),
    ...events.map((event) => bytesOf(parseEvent(event))),
  ];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.some((size) => size > maxValueBytes) || total > maxCommitBytes)
    throw new CloudSmithError("too-large", "This is too much to store at once", {
      why: `A value may have ${maxValueBytes} bytes as JSON and a commit ${maxCommitBytes}`,
    });
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
