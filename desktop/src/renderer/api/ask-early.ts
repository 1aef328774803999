import type { QueryClient } from "@tanstack/react-query";
import { recentDeployments } from "../notifications/recent-deployments.ts";
import { api } from "./client.ts";
import { projectListOptions } from "./project-list.ts";

/** Asks for what every page shows, before anything is drawn: the answers come while the page is made. */
export function askEarly(queries: QueryClient): void {
  void queries.prefetchQuery(api.auth.me.queryOptions({ staleTime: Infinity }));
  void queries.prefetchInfiniteQuery(projectListOptions());
  void queries.prefetchQuery(recentDeployments());
}
