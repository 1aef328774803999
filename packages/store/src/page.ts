import { CloudSmithError } from "@cloudsmith/contracts";
import type { PageOptions } from "./store.ts";

/** Any row of the pattern tables, its types forgotten: the port's generic signatures have checked the arguments. */
export interface AnyPattern {
  readonly index: "table" | "byParent" | "due";
  readonly pk: (args: never) => string;
  readonly sk?: (args: never) => string;
  readonly skBefore?: (args: never) => string | undefined;
  readonly skAfter?: (args: never) => string | undefined;
}

/** What a page reads: one partition, and at most one bound on the sort key. */
export interface PageQuery {
  readonly pk: string;
  readonly bound?: { readonly operator: "=" | "<" | ">"; readonly sk: string };
  readonly limit: number;
  readonly ascending: boolean;
  /** The parts of the cursor, as the adapter made them. */
  readonly after?: readonly string[];
}

/** Works out what to read. Throws `invalid-input` for a cursor that is not one of ours or does not have `cursorParts` parts. */
export function pageQuery(
  definition: AnyPattern,
  args: object,
  options: PageOptions = {},
  cursorParts: number,
): PageQuery {
  // See AnyPattern.
  const given = args as never;
  const bounds = [
    { operator: "=", sk: definition.sk?.(given) },
    { operator: "<", sk: definition.skBefore?.(given) },
    { operator: ">", sk: definition.skAfter?.(given) },
  ] as const;
  const bound = bounds.find(({ sk }) => sk !== undefined);
  return {
    pk: definition.pk(given),
    ...(bound?.sk !== undefined && { bound: { operator: bound.operator, sk: bound.sk } }),
    limit: Math.min(1000, Math.max(1, options.limit ?? 100)),
    ascending: options.order !== "descending",
    ...(options.cursor !== undefined && { after: decodeCursor(options.cursor, cursorParts) }),
  };
}

/** One page of rows of which one more than the limit was asked for, which tells whether there is a next one. */
export function cutPage<R>(
  rows: readonly R[],
  limit: number,
  cursorOf: (row: R) => readonly string[],
): { shown: readonly R[]; cursor?: string } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (rows.length <= limit || last === undefined) return { shown };
  return { shown, cursor: Buffer.from(JSON.stringify(cursorOf(last))).toString("base64url") };
}

function decodeCursor(cursor: string, count: number): readonly string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(parts) && parts.length === count && parts.every((part) => typeof part === "string")) return parts;
  } catch {
    // Falls through to the same answer.
  }
  throw new CloudSmithError("invalid-input", "This cursor is not one of ours", { fix: "Start from the first page" });
}
