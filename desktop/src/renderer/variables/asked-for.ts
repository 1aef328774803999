import type { WantedVariable } from "@cloudsmith/contracts/api";
import { looksSecret } from "@cloudsmith/contracts";
import { newRow, nothingStored, rowsOf, type StoredVariables, type VariableRow } from "./variable-rows.ts";

/** What is stored, and before it a row for each variable that the repository asks for and that has no value. */
function rowsFor(wanted: readonly WantedVariable[], stored: StoredVariables | undefined): VariableRow[] {
  const kept = cachedRows(stored ?? nothingStored);
  const names = new Set(kept.map(({ name }) => name));
  return [...wanted.filter(({ name }) => !names.has(name)).map(wantedRow), ...kept];
}

/** What was edited, and rows that are asked for since. */
export function withAskedFor(
  edited: readonly VariableRow[] | undefined,
  wanted: readonly WantedVariable[],
  stored: StoredVariables | undefined,
): readonly VariableRow[] {
  const base = rowsFor(wanted, stored);
  if (edited === undefined) return base;
  const names = new Set(edited.map(({ name }) => name));
  return [...edited, ...base.filter((row) => row.wanted !== undefined && !names.has(row.name))];
}

/** The same row for the same variable: what is typed into it must not start anew with each answer. */
const wantedRows = new WeakMap<WantedVariable, VariableRow>();
const storedRows = new WeakMap<StoredVariables, VariableRow[]>();

function wantedRow(variable: WantedVariable): VariableRow {
  const known = wantedRows.get(variable);
  if (known !== undefined) return known;
  const { name, file, example, note } = variable;
  const row = newRow({ name, secret: looksSecret(name, "?"), wanted: { file, example, note } });
  wantedRows.set(variable, row);
  return row;
}

function cachedRows(stored: StoredVariables): VariableRow[] {
  const known = storedRows.get(stored) ?? rowsOf(stored);
  storedRows.set(stored, known);
  return known;
}

/** Those that were asked for and still have no value, by the file that asks. */
export function missingByFile(rows: readonly VariableRow[]): readonly { file: string; names: readonly string[] }[] {
  const files = new Map<string, string[]>();
  for (const { name, value, kept, wanted } of rows) {
    if (wanted === undefined || value !== "" || kept) continue;
    files.set(wanted.file, [...(files.get(wanted.file) ?? []), name]);
  }
  return [...files].map(([file, names]) => ({ file, names }));
}
