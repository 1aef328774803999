import type { ProjectView } from "@cloudsmith/contracts/api";
import { useInfiniteQuery, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, client } from "./client.ts";
import { errorBodyOf } from "./errors.ts";
import { withProject } from "./project-pages.ts";

type Pages = InfiniteData<{ items: ProjectView[]; cursor: string | null }, string | undefined>;

/** The first page is small, so that there is something to see at once; the rest follows by itself. */
const firstPage = 60;
const nextPages = 500;

export function projectListOptions() {
  return api.projects.list.infiniteOptions({
    input: (cursor: string | undefined) => ({
      limit: cursor === undefined ? firstPage : nextPages,
      ...(cursor !== undefined && { cursor }),
    }),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
    staleTime: Infinity,
  });
}

/** Every project of the team; the list grows while it is read. */
export function useProjectList() {
  const query = useInfiniteQuery(projectListOptions());
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const projects = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return { projects, error: query.error, isComplete: query.data !== undefined && !hasNextPage, refetch: query.refetch };
}

/** Reads one project again and puts it where the list has it: a change of one among thousands asks for one. */
export async function refreshProject(queries: QueryClient, project: string): Promise<void> {
  const { queryKey } = projectListOptions();
  if (queries.getQueryData(queryKey) === undefined) return;
  const view = await client.projects.get({ project }).catch((error: unknown) => {
    if (errorBodyOf(error).code === "not-found") return undefined;
    throw error;
  });
  queries.setQueryData<Pages>(queryKey, (pages) =>
    pages === undefined ? pages : { ...pages, pages: withProject(pages.pages, project, view) },
  );
}

/** Everything again, after changes that nobody told us of. */
export function refreshAllProjects(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: projectListOptions().queryKey });
}
