import { useQueryClient, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api } from "../api/client.ts";
import { refreshAllProjects, refreshProject } from "../api/project-list.ts";
import { isNewestFirst, refreshHeads } from "../api/use-newest-first.ts";
import { useLive } from "./use-live.ts";

/** What a change of the team may have changed; asked for again where it is shown. */
const changing: readonly QueryKey[] = [
  api.projects.get.key(),
  api.environments.key(),
  api.deployments.key(),
  api.activity.key(),
  api.accounts.list.key(),
];
const gatherMs = 120;

/** Keeps every query fresh: notices of changes, and whatever was missed while the stream was away, ask for what is shown again. */
export function useTeamChanges(): void {
  const queries = useQueryClient();
  const projects = useRef(new Set<string | null>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLive({ type: "team" }, (message) => {
    if (message.type !== "changed") return;
    projects.current.add(message.projectId);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const changed = projects.current;
      projects.current = new Set();
      void refresh(queries, changed);
    }, gatherMs);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}

/** `null` among the projects: anything may have changed, as after a break. */
async function refresh(queries: QueryClient, projects: ReadonlySet<string | null>): Promise<void> {
  const known = [...projects].filter((project) => project !== null);
  refreshHeads();
  await Promise.all([
    ...changing.map((queryKey) => queries.invalidateQueries({ queryKey, predicate: (query) => !isNewestFirst(query) })),
    ...(projects.has(null) ? [refreshAllProjects(queries)] : known.map((project) => refreshProject(queries, project))),
  ]);
}
