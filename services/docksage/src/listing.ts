import type { Release } from "@cloudsmith/contracts";
import type { Stored, SystemStore } from "@cloudsmith/store";

/** Every release that has not retired. */
export async function* currentReleases(store: SystemStore): AsyncGenerator<Stored<"release">> {
  for (let cursor: string | undefined; ;) {
    const page = await store.scan("currentReleases", {}, { limit: 500, ...(cursor !== undefined && { cursor }) });
    yield* page.items;
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

/** Those of one environment: the cost does not depend on how many others there are. */
export async function currentReleasesOf(
  store: SystemStore,
  environmentId: Release["environmentId"],
): Promise<Stored<"release">[]> {
  const found: Stored<"release">[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.scan(
      "currentReleases",
      { environmentId },
      { limit: 5, ...(cursor !== undefined && { cursor }) },
    );
    const own = page.items.filter(({ value }) => value.environmentId === environmentId);
    found.push(...own);
    if (page.cursor === undefined || own.length < page.items.length) return found;
    cursor = page.cursor;
  }
}

/** Every environment that a target looks after. */
export async function* environmentsOf(store: SystemStore, target: string): AsyncGenerator<Stored<"environment">> {
  for (let cursor: string | undefined; ;) {
    const page = await store.scan(
      "environmentsOfTarget",
      { target },
      { limit: 500, ...(cursor !== undefined && { cursor }) },
    );
    yield* page.items;
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}
