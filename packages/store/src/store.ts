import type { AnyEvent } from "@cloudsmith/contracts";
import type { EntityName, EntityOf } from "./entities.ts";
import type {
  PatternArgs,
  PatternConsistency,
  PatternEntity,
  PatternName,
  Patterns,
  SystemPatternName,
} from "./patterns.ts";

/** A value as stored, with the version that a conditional write compares. Versions start at 1 and grow by 1. */
export interface Stored<N extends EntityName = EntityName> {
  readonly value: EntityOf<N>;
  readonly version: number;
}

/** What must still be true of an item: its exact version, that it is absent, or that it is there in any version. */
export type Condition = { readonly version: number } | "absent" | "present";

/** A write of one item. Its key comes from the value, so a value cannot be stored under another team. */
export type Put = {
  [N in EntityName]: { readonly entity: N; readonly value: EntityOf<N>; readonly if: Condition | "any" };
}[EntityName];

/** Names an item by a value that has at least the fields of its key. */
export type Check = {
  [N in EntityName]: { readonly entity: N; readonly value: EntityOf<N>; readonly if: Condition };
}[EntityName];
export type Delete = Check;

/**
 * One atomic change: at most 100 items in `checks`, `puts`, `deletes` and `events` together, where each different partition key of the
 * events counts as one more; no item twice.
 */
export interface Commit {
  readonly checks?: readonly Check[];
  readonly puts?: readonly Put[];
  readonly deletes?: readonly Delete[];
  /** Go into the outbox with the state, in order. */
  readonly events?: readonly AnyEvent[];
}

export const maxCommitItems = 100;
/** Of one value as JSON. DynamoDB takes 400 KB for an item with its names and index keys. */
export const maxValueBytes = 380_000;
/** Of all values and events of a commit as JSON. */
export const maxCommitBytes = 3_800_000;

export interface Page<T, C extends "strong" | "eventual" = "strong" | "eventual"> {
  readonly items: readonly T[];
  /** Opaque; pass it to get the next page. Absent on the last page. */
  readonly cursor?: string;
  readonly consistency: C;
}

export interface PageOptions {
  /** 1 to 1000, default 100. */
  readonly limit?: number;
  readonly cursor?: string;
  /** By sort key; default ascending. */
  readonly order?: "ascending" | "descending";
}

/** Fields that name an item of an entity: enough of its value to compute its key. */
export type KeyFields = { [N in EntityName]: Partial<EntityOf<N>> };

/** What API code and services get: reads within a team, and commits. */
export interface Store {
  /** Strongly consistent read of one item; `fields` are those that make its key. Undefined where there is none. */
  get<N extends EntityName>(entity: N, fields: Partial<EntityOf<N>>): Promise<Stored<N> | undefined>;
  list<P extends PatternName>(
    pattern: P,
    args: PatternArgs<P>,
    page?: PageOptions,
  ): Promise<Page<Stored<PatternEntity<P>>, PatternConsistency<P>>>;
  /** Applies all of it or nothing. Throws CloudSmithError `conflict` when a condition does not hold, `invalid-input` or `too-large` when the commit is malformed, `disk-full`; a ZodError for a value or event that does not fit its schema. */
  commit(commit: Commit): Promise<void>;
}

/** What workers, reconcilers and the relay get besides. */
export interface SystemStore extends Store {
  scan<P extends SystemPatternName>(
    pattern: P,
    args: PatternArgs<P>,
    page?: PageOptions,
  ): Promise<Page<Stored<Patterns[P]["entity"]>, "eventual">>;
  readonly outbox: Outbox;
  close(): Promise<void>;
}

export interface OutboxEntry {
  /** Names the entry for `remove`; meaningless otherwise. */
  readonly id: string;
  readonly event: AnyEvent;
}

/** Events that were committed and not published yet. Entries with one partition key come in the order of their commits. */
export interface Outbox {
  pending(limit: number): Promise<readonly OutboxEntry[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Resolves soon after something was committed (at once where the adapter can tell, else by a short poll), or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}
