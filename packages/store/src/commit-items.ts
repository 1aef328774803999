import { CloudSmithError } from "@cloudsmith/contracts";
import { entities, type EntityName, type ItemKey } from "./entities.ts";
import { maxCommitItems, type Commit, type Condition } from "./store.ts";

/** One item of a commit with its key worked out. */
export interface CommitItem {
  readonly kind: "check" | "put" | "delete";
  readonly entity: EntityName;
  readonly key: ItemKey;
  readonly value: unknown;
  readonly condition: Condition | "any";
}

/** The primary key of a value. Throws `invalid-input` where a field of it is missing. */
export function keyOf(entity: EntityName, value: unknown): ItemKey {
  // Each entity's key function takes its own value; the table pairs them, which the lookup by name hides.
  const key = (entities[entity].key as (value: unknown) => ItemKey)(value);
  if (/undefined/.test(key.pk) || /undefined/.test(key.sk) || typeof key.sk !== "string") {
    throw new CloudSmithError("invalid-input", `The key of this ${entity} is incomplete: ${key.pk} ${key.sk}`);
  }
  return key;
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

/** The items of a commit, checked: values fit their schemas, none is named twice, at most 100 with the events. Throws `invalid-input`. */
export function itemsOf(commit: Commit): CommitItem[] {
  const items: CommitItem[] = [
    ...(commit.checks ?? []).map((each) => ({
      kind: "check" as const,
      entity: each.entity,
      key: keyOf(each.entity, each.value),
      value: undefined,
      condition: each.if,
    })),
    ...(commit.puts ?? []).map((each) => ({
      kind: "put" as const,
      entity: each.entity,
      key: keyOf(each.entity, each.value),
      value: parsed(each.entity, each.value),
      condition: each.if,
    })),
    ...(commit.deletes ?? []).map((each) => ({
      kind: "delete" as const,
      entity: each.entity,
      key: keyOf(each.entity, each.value),
      value: undefined,
      condition: each.if,
    })),
  ];
  const count = items.length + (commit.events?.length ?? 0);
  if (count > maxCommitItems)
    throw new CloudSmithError("invalid-input", `A commit of ${count} items is too large`, {
      why: `At most ${maxCommitItems} are applied at once`,
    });
  const names = new Set(items.map((item) => `${item.key.pk}\n${item.key.sk}`));
  if (names.size < items.length) throw new CloudSmithError("invalid-input", "A commit names an item twice");
  return items;
}

function parsed(entity: EntityName, value: unknown): unknown {
  return entities[entity].schema.parse(value);
}
