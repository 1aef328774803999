import { looksSecret, parseEnvFile, VariableName } from "@cloudsmith/contracts";

export type Scope = "build" | "run" | "both";

/** What an environment has: values of variables, and of secrets only that they are there. */
export interface StoredVariables {
  readonly variables: Readonly<Record<string, { readonly value: string; readonly scope: Scope }>>;
  readonly secrets: Readonly<Record<string, { readonly scope: Scope; readonly createdAt: string }>>;
}

export const nothingStored: StoredVariables = { variables: {}, secrets: {} };

export interface VariableRow {
  /** Stays while it is edited. */
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly scope: Scope;
  /** A secret that is kept already; its value is not known here, an empty field leaves it as it is. */
  readonly kept: boolean;
  /** The person said whether it is a secret; nothing is guessed any more. */
  readonly decided: boolean;
  /** Asked for by the repository: the file that names it, and an example. */
  readonly wanted?: { readonly file: string; readonly example: string | null; readonly note: string | null };
}

let count = 0;

export function newRow(over: Partial<Omit<VariableRow, "id">> = {}): VariableRow {
  count += 1;
  return {
    id: `variable-${count}`,
    name: "",
    value: "",
    secret: false,
    scope: "both",
    kept: false,
    decided: false,
    ...over,
  };
}

/** Rows of what is stored, by name. */
export function rowsOf({ variables, secrets }: StoredVariables): VariableRow[] {
  return [
    ...Object.entries(variables).map(([name, { value, scope }]) => newRow({ name, value, scope, decided: true })),
    ...Object.entries(secrets).map(([name, { scope }]) =>
      newRow({ name, scope, secret: true, kept: true, decided: true }),
    ),
  ].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A row after it was edited. While nobody decided, name and value say whether it is a secret. */
export function editRow(row: VariableRow, change: Partial<Omit<VariableRow, "id">>): VariableRow {
  const next = { ...row, ...change };
  return next.decided ? next : { ...next, secret: looksSecret(next.name, next.value === "" ? "?" : next.value) };
}

export interface EnvImport {
  readonly rows: readonly VariableRow[];
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
  /** Names that stand more than once in the file; the last one counts. */
  readonly repeated: readonly string[];
  /** Lines that could not be read, or whose name cannot be a variable's. */
  readonly unread: readonly { readonly line: number; readonly text: string }[];
}

/** Puts the text of a `.env` file over the rows: known names get its value, others become rows. */
export function importEnv(rows: readonly VariableRow[], text: string): EnvImport {
  const file = parseEnvFile(text);
  const good = file.entries.filter(({ name }) => VariableName.safeParse(name).success);
  const bad = file.entries.filter(({ name }) => !VariableName.safeParse(name).success);
  const values = new Map(good.map(({ name, value }) => [name, value]));
  const kept = rows.filter((row) => row.name !== "" || row.value !== "");
  const names = new Set(kept.map(({ name }) => name));
  const fates = new Map(
    [...values].map(([name, value]) => [
      name,
      fateOf(
        kept.find((row) => row.name === name),
        value,
      ),
    ]),
  );
  const having = (fate: Fate): string[] => [...fates].filter(([, each]) => each === fate).map(([name]) => name);
  const filled = kept.map((row) => {
    const value = values.get(row.name);
    return value === undefined || fates.get(row.name) === "unchanged" ? row : editRow(row, { value });
  });
  const fresh = [...values].filter(([name]) => !names.has(name));
  return {
    rows: [...filled, ...fresh.map(([name, value]) => editRow(newRow(), { name, value }))],
    added: having("added"),
    changed: having("changed"),
    unchanged: having("unchanged"),
    repeated: [...values.keys()].filter((name) => good.filter((entry) => entry.name === name).length > 1),
    unread: [...file.unread, ...bad.map(({ line, name }) => ({ line, text: name }))].toSorted(
      (x, y) => x.line - y.line,
    ),
  };
}

type Fate = "added" | "changed" | "unchanged";

/** What becomes of the row of a name. A name without a value in the file asks for nothing. */
function fateOf(before: VariableRow | undefined, value: string): Fate {
  if (value === "" || (before !== undefined && before.value === value && !before.kept)) return "unchanged";
  return before === undefined || (before.value === "" && !before.kept) ? "added" : "changed";
}

/** Whether a pasted text is a `.env` file and not a value. */
export function isEnvText(text: string): boolean {
  const { entries, unread } = parseEnvFile(text);
  return (
    entries.length > 0 && unread.length === 0 && (entries.length > 1 || /^\s*(export\s+)?[A-Z_][A-Z0-9_]*=/.test(text))
  );
}

export type RowProblem = "name" | "reserved" | "duplicate" | "nameless" | "secretEmpty";

/** What stands in the way of each row, by its id. */
export function problemsOf(rows: readonly VariableRow[]): ReadonlyMap<string, RowProblem> {
  const problems = new Map<string, RowProblem>();
  const seen = new Set<string>();
  for (const row of rows) {
    const problem = problemOf(row, seen);
    if (problem !== undefined) problems.set(row.id, problem);
    seen.add(row.name);
  }
  return problems;
}

function problemOf(row: VariableRow, seen: ReadonlySet<string>): RowProblem | undefined {
  if (row.name === "") return row.value === "" ? undefined : "nameless";
  if (row.name.startsWith("CLOUDSMITH_")) return "reserved";
  if (!VariableName.safeParse(row.name).success) return "name";
  return seen.has(row.name) ? "duplicate" : undefined;
}

export interface VariableChanges {
  readonly variables: {
    readonly set: Readonly<Record<string, { value: string; scope: Scope }>>;
    readonly unset: readonly string[];
  };
  readonly secrets: {
    readonly set: Readonly<Record<string, { value: string; scope: Scope }>>;
    readonly unset: readonly string[];
  };
  /** By name, for people. */
  readonly summary: readonly { readonly name: string; readonly change: "added" | "changed" | "removed" }[];
}

/** What has to be set and unset so that the environment has what the rows say. A row without a value that was never kept asks for nothing. */
export function changesOf(rows: readonly VariableRow[], stored: StoredVariables): VariableChanges {
  const full = rows.filter((row) => row.name !== "" && (row.value !== "" || row.kept || isStoredPlain(row, stored)));
  const variables: Record<string, { value: string; scope: Scope }> = {};
  const secrets: Record<string, { value: string; scope: Scope }> = {};
  for (const { name, value, scope, secret } of full) {
    const before = Object.hasOwn(stored.variables, name) ? stored.variables[name] : undefined;
    if (secret && value !== "") secrets[name] = { value, scope };
    if (!secret && (before?.value !== value || before.scope !== scope)) variables[name] = { value, scope };
  }
  const names = new Set(full.map(({ name }) => name));
  const gone = (record: object): string[] => Object.keys(record).filter((name) => !names.has(name));
  const removed = { variables: gone(stored.variables), secrets: gone(stored.secrets) };
  const known = new Set([...Object.keys(stored.variables), ...Object.keys(stored.secrets)]);
  const summary = [
    ...[...Object.keys(variables), ...Object.keys(secrets)].map((name) => ({
      name,
      change: known.has(name) ? ("changed" as const) : ("added" as const),
    })),
    ...[...removed.variables, ...removed.secrets].map((name) => ({ name, change: "removed" as const })),
  ].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    variables: { set: variables, unset: removed.variables },
    secrets: { set: secrets, unset: removed.secrets },
    summary,
  };
}

/** A plain variable may be empty on purpose. */
function isStoredPlain({ name, secret }: VariableRow, stored: StoredVariables): boolean {
  return !secret && Object.hasOwn(stored.variables, name);
}
