import type { GitHubServer } from "@cloudsmith/contracts";
import type { Octokit } from "@octokit/core";
import pLimit from "p-limit";
import { isNotModified } from "./octokit.ts";

/** What GitHub said of a page the last time: asked with its ETag, an unchanged one costs nothing of the rate limit. */
export interface KnownPage<T> {
  readonly etag: string | null;
  readonly items: readonly T[];
  readonly last: number;
  readonly total: number | null;
  /** `x-github-sso: partial-results` names organizations whose repositories are left out. */
  readonly partial: boolean;
}
export type PageMemory<T> = Map<string, KnownPage<T>>;

interface PageRequest<T> {
  readonly octokit: Octokit;
  readonly server: GitHubServer;
  /** Such as `GET /user/repos`. */
  readonly route: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Items of one page's answer, and how many there are in all where it says so. */
  readonly read: (data: unknown) => { items: readonly T[]; total: number | null };
  readonly memory: PageMemory<T>;
  readonly onPage: (page: KnownPage<T>) => void;
}

const perPage = 100;
/** Pages of one list at once. GitHub takes at most 100 requests at once of one account. */
const atOnce = 8;

/** Reads all pages of a list: the first one tells how many there are, the others come in parallel. Resolves when all were given to `onPage`. */
export async function readPages<T>(request: PageRequest<T>): Promise<void> {
  const first = await readPage(request, 1);
  request.onPage(first);
  const limit = pLimit({ concurrency: atOnce, rejectOnClear: true });
  const others = Array.from({ length: first.last - 1 }, (_, index) =>
    limit(async () => request.onPage(await readPage(request, index + 2))),
  );
  try {
    await Promise.all(others);
  } catch (error) {
    // What was not begun is not asked for any more: the limit that stopped one page stops them all.
    limit.clearQueue();
    await Promise.allSettled(others);
    throw error;
  }
}

async function readPage<T>(
  { octokit, route, parameters, read, memory }: PageRequest<T>,
  page: number,
): Promise<KnownPage<T>> {
  const key = `${route} ${JSON.stringify(parameters)} ${page}`;
  const known = memory.get(key);
  try {
    const { data, headers } = await octokit.request(route, {
      ...parameters,
      per_page: perPage,
      page,
      ...(known?.etag != null && { headers: { "if-none-match": known.etag } }),
    });
    const { items, total } = read(data);
    const last = lastPage(headers.link) ?? page;
    const partial = String(headers["x-github-sso"] ?? "").startsWith("partial-results");
    const fresh = { etag: headers.etag ?? null, items, last, total, partial };
    memory.set(key, fresh);
    return fresh;
  } catch (error) {
    if (known !== undefined && isNotModified(error)) return known;
    throw error;
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function lastPage(link: string | undefined): number | undefined {
  const last = /[?&]page=(\d+)[^>]*>;\s*rel="last"/.exec(link ?? "")?.[1];
  return last === undefined ? undefined : Number(last);
}
