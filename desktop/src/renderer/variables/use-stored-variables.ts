import { skipToken, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import type { StoredVariables } from "./variable-rows.ts";

/** What an environment has; undefined asks for nothing. */
export function useStoredVariables(
  place: { readonly project: string; readonly environment: string } | undefined,
): UseQueryResult<StoredVariables> {
  return useQuery(
    api.environments.variables.queryOptions({
      input: place ?? skipToken,
      select: ({ variables, secrets }): StoredVariables => ({
        variables,
        secrets: Object.fromEntries(secrets.map(({ name, scope, createdAt }) => [name, { scope, createdAt }])),
      }),
    }),
  );
}
