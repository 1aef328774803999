import { isSettled, type Environment } from "@cloudsmith/contracts";
import type { Store, Stored } from "@cloudsmith/store";

/** The newest deployments of an environment that have not settled, newest first. Looks at the last 100. */
export async function unsettledOf(
  store: Store,
  environment: Pick<Environment, "teamId" | "id">,
): Promise<Stored<"deployment">[]> {
  const page = await store.list(
    "deploymentsOfEnvironment",
    { teamId: environment.teamId, environmentId: environment.id },
    { limit: 100, order: "descending" },
  );
  return page.items.filter((item) => !isSettled(item.value.state));
}
