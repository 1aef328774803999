import { client } from "../api/client.ts";
import { changesOf, type StoredVariables, type VariableRow } from "./variable-rows.ts";

/** Brings an environment's variables and secrets to what the rows say. */
export async function applyVariables(
  place: { readonly project: string; readonly environment: string },
  rows: readonly VariableRow[],
  stored: StoredVariables,
): Promise<void> {
  const { variables, secrets } = changesOf(rows, stored);
  if (Object.keys(variables.set).length + variables.unset.length > 0)
    await client.environments.setVariables({ ...place, set: { ...variables.set }, unset: [...variables.unset] });
  if (Object.keys(secrets.set).length + secrets.unset.length > 0)
    await client.environments.setSecrets({ ...place, set: { ...secrets.set }, unset: [...secrets.unset] });
}
