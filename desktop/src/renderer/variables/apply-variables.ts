import { client } from "../api/client.ts";
import { changesOf, type StoredVariables, type VariableRow } from "./variable-rows.ts";

/** Brings an environment's variables and secrets to what the rows say, all of them or none. */
export async function applyVariables(
  place: { readonly project: string; readonly environment: string },
  rows: readonly VariableRow[],
  stored: StoredVariables,
): Promise<void> {
  const { variables, secrets, summary } = changesOf(rows, stored);
  if (summary.length === 0) return;
  await client.environments.configure({
    ...place,
    set: { ...variables.set },
    secrets: { ...secrets.set },
    unset: [...variables.unset, ...secrets.unset],
  });
}
