import { isSettled, type Environment } from "@cloudsmith/contracts";
import type { Store, Stored } from "@cloudsmith/store";

/** The newest deployments of an environment that have not settled, newest first. Looks at the last 100. */
export async function unsettledOf(
  store: Store,
  environment: Pick<Environment, "teamId" | "id">,
): Promise<Stored<"deployment">[]> {
  return (await recentOf(store, environment)).filter((item) => !isSettled(item.value.state));
}

/** The last 100 deployments of an environment, newest first. */
export async function recentOf(
  store: Store,
  environment: Pick<Environment, "teamId" | "id">,
): Promise<readonly Stored<"deployment">[]> {
  const page = await store.list(
    "deploymentsOfEnvironment",
    { teamId: environment.teamId, environmentId: environment.id },
    { limit: 100, order: "descending" },
  );
  return page.items;
}
