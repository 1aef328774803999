import {
  hashKey,
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
  type Query,
  type QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { withHead, type Page } from "./newest-first.ts";

interface NewestFirst<T> {
  readonly queryKey: QueryKey;
  readonly read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
  /** An item that is not among the newest ones any more and can still change. */
  readonly mayChange?: (item: T) => boolean;
}

/** How long the newest page is waited for, in milliseconds. */
const answerMs = 30_000;
/** How the lists that are shown are brought up to date, by the hash of their key. */
const shown = new Map<string, () => void>();

/** A list that is read page by page, the newest first. A change asks for its newest page again, however many pages were read. */
export function useNewestFirst<T extends { readonly id: string }>(wanted: NewestFirst<T>) {
  const { queryKey, read } = wanted;
  const queries = useQueryClient();
  const query = useInfiniteQuery<Page<T>, Error, InfiniteData<Page<T>>, QueryKey, string | undefined>({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
    staleTime: Infinity,
    meta: { newestFirst: true },
  });
  const latest = useRef(wanted);
  useEffect(() => {
    latest.current = wanted;
  });
  const hash = hashKey(queryKey);
  useEffect(() => {
    const refresh = onceAtATime(() => refreshHead(queries, latest.current));
    shown.set(hash, refresh);
    // It may have changed while nobody looked at it.
    if (queries.getQueryData(latest.current.queryKey) !== undefined) refresh();
    return () => void shown.delete(hash);
  }, [queries, hash]);
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return { ...query, items };
}

/** Whether a query is such a list: a change of the team does not make all of it old. */
export function isNewestFirst({ meta }: Query): boolean {
  return meta?.["newestFirst"] === true;
}

/** Something changed: asks for the newest page of each list that is shown. */
export function refreshHeads(): void {
  for (const refresh of shown.values()) refresh();
}

async function refreshHead<T extends { readonly id: string }>(
  queries: QueryClient,
  { queryKey, read, mayChange = () => false }: NewestFirst<T>,
): Promise<void> {
  const filter = { queryKey, exact: true };
  const head = await read(undefined, AbortSignal.timeout(answerMs)).catch(() => undefined);
  // A page that comes meanwhile would be put behind the pages of before.
  while (queries.isFetching(filter) > 0) await new Promise((resolve) => setTimeout(resolve, 30));
  const before = queries.getQueryData<InfiniteData<Page<T>, string | undefined>>(queryKey);
  // What is wrong is shown by the list itself.
  if (head === undefined || before === undefined) return queries.invalidateQueries(filter);
  const pages = withHead(before.pages, head);
  const isOld = pages.some(({ items }) => items.some((item) => !head.items.includes(item) && mayChange(item)));
  if (isOld) return queries.invalidateQueries(filter);
  queries.setQueryData(queryKey, { pages, pageParams: before.pageParams.slice(0, pages.length) });
}

/** Runs work that is asked for while it runs once more when it is done. */
function onceAtATime(work: () => Promise<void>): () => void {
  let state: "idle" | "running" | "again" = "idle";
  const run = async (): Promise<void> => {
    do {
      state = "running";
      await work();
    } while (is("again"));
    state = "idle";
  };
  const is = (wanted: typeof state): boolean => state === wanted;
  return () => {
    if (state === "idle") void run();
    else state = "again";
  };
}
