import type { Difference, RollbackPreview } from "@cloudsmith/contracts/api";

/** The kinds of change, in the order in which a person asks for them. */
export const changeGroups = ["commit", "source", "plan", "variable", "secret", "setting"] as const;
export type ChangeGroup = (typeof changeGroups)[number];

export interface Change {
  readonly name: string;
  /** Null where there is none. Of a secret: the moment its version was made. */
  readonly before: string | null;
  readonly after: string | null;
  readonly revoked: "replaced" | "removed" | null;
}

export interface ChangesOfGroup {
  readonly group: ChangeGroup;
  readonly changes: readonly Change[];
}

/** What a rollback changes, by kind; kinds without a change are left out. Files are told only where no commit tells of them. */
export function changesOf({
  differences,
  secrets,
}: Pick<RollbackPreview, "differences" | "secrets">): ChangesOfGroup[] {
  const hasCommit = differences.some(({ part }) => part === "commit");
  return changeGroups
    .map((group) => ({
      group,
      changes:
        group === "secret"
          ? secrets
          : differences
              .filter(({ part }) => part === group && !(part === "source" && hasCommit))
              .flatMap((each) => (group === "plan" ? planChanges(each) : [{ ...each, revoked: null }])),
    }))
    .filter(({ changes }) => changes.length > 0);
}

/** A field of a plan is JSON; what differs inside of it is told by itself, dotted. */
function planChanges({ name, before, after }: Difference): Change[] {
  const [left, right] = [before, after].map((text) => leaves(name, parsed(text)));
  const names = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])];
  return names.flatMap((path) => {
    const [old, fresh] = [left?.get(path) ?? null, right?.get(path) ?? null];
    return old === fresh ? [] : [{ name: path, before: old, after: fresh, revoked: null }];
  });
}

function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

function leaves(path: string, value: unknown): Map<string, string> {
  if (value === null || value === undefined) return new Map();
  if (Array.isArray(value))
    return new Map([[path, value.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(" ")]]);
  if (typeof value !== "object") return new Map([[path, typeof value === "string" ? value : JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(`${path}.${key}`, inner)]));
}
