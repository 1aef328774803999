import { CloudSmithError, newId, toCloudSmithError } from "@cloudsmith/contracts";
import type { GitHubAccess } from "./access.ts";
import type { CredentialKey } from "./credentials.ts";
import { GitHubError } from "./github-error.ts";
import type { PageMemory } from "./read-pages.ts";
import { readRepositories } from "./read-repositories.ts";
import type { ListedRepository } from "./repository-view.ts";

export interface ListProblem {
  readonly account: string;
  readonly organization: string | null;
  readonly error: CloudSmithError;
  readonly url: string | null;
}

export interface ListPart {
  readonly items: readonly ListedRepository[];
  /** Where the list goes on; null at its end. */
  readonly cursor: string | null;
  readonly total: number;
  readonly problems: readonly ListProblem[];
}

/** The repositories of one account, growing while they are read. */
interface RepositoryList {
  readonly id: string;
  readonly account: string;
  readonly startedAt: number;
  readonly items: ListedRepository[];
  readonly seen: Set<number>;
  readonly problems: ListProblem[];
  total: number;
  ended: boolean;
  changed: PromiseWithResolvers<void>;
}

/** How long a call waits for more, in milliseconds. */
const longestWaitMs = 20_000;
/** Lists that are kept: the newest of each account, and some that are being read to their end. */
const keptLists = 40;

/** Lists of repositories in memory: read once for all who ask, in pages that come as GitHub gives them. */
export class RepositoryLists {
  readonly #access: GitHubAccess;
  readonly #now: () => Date;
  readonly #signal: AbortSignal;
  readonly #lists = new Map<string, RepositoryList>();
  readonly #memories = new Map<string, PageMemory<ListedRepository>>();

  constructor(access: GitHubAccess, options: { now: () => Date; signal: AbortSignal }) {
    this.#access = access;
    this.#now = options.now;
    this.#signal = options.signal;
  }

  /**
   * What came after a cursor, over all of the accounts. Waits some seconds for more where nothing has come. Throws `invalid-input` for a
   * cursor whose list is gone.
   */
  async next(
    accounts: readonly CredentialKey[],
    options: { cursor?: string | undefined; limit: number; maxAgeSeconds: number; signal?: AbortSignal | undefined },
  ): Promise<ListPart> {
    const places =
      options.cursor === undefined
        ? accounts.map((key) => ({ list: this.#open(key, options.maxAgeSeconds), offset: 0 }))
        : this.#named(accounts, options.cursor);
    const signals = [AbortSignal.timeout(longestWaitMs), this.#signal];
    if (options.signal !== undefined) signals.push(options.signal);
    const until = AbortSignal.any(signals);
    while (places.every(isRead) && !places.every(isAtEnd) && !until.aborted) await change(places, until);
    options.signal?.throwIfAborted();
    const items: ListedRepository[] = [];
    const next = places.map(({ list, offset }) => {
      const part = list.items.slice(offset, offset + options.limit - items.length);
      items.push(...part);
      return { list, offset: offset + part.length };
    });
    return {
      items,
      cursor: next.every(isAtEnd) ? null : next.map(({ list, offset }) => `${list.id}:${offset}`).join("."),
      total: places.reduce((sum, { list }) => sum + Math.max(list.total, list.items.length), 0),
      problems: places.flatMap(({ list }) => list.problems),
    };
  }

  /** Forgets what an account could read. */
  forget({ id }: CredentialKey): void {
    this.#memories.delete(id);
    for (const [key, list] of this.#lists) if (list.account === id) this.#lists.delete(key);
  }

  #named(accounts: readonly CredentialKey[], cursor: string): Place[] {
    return cursor.split(".").map((part) => {
      const [id = "", offset = ""] = part.split(":");
      const list = this.#lists.get(id);
      // A list of another team's account is not there for this one.
      if (list !== undefined && /^\d{1,9}$/.test(offset) && accounts.some((key) => key.id === list.account))
        return { list, offset: Number(offset) };
      throw new CloudSmithError("invalid-input", "This list is gone", { fix: "Read it from the beginning" });
    });
  }

  #open(key: CredentialKey, maxAgeSeconds: number): RepositoryList {
    const now = this.#now().getTime();
    const newest = [...this.#lists.values()].findLast(({ account }) => account === key.id);
    const fresh = newest !== undefined && newest.startedAt + maxAgeSeconds * 1000 > now;
    if (newest !== undefined && (!newest.ended || (fresh && newest.problems.length === 0))) return newest;
    const list: RepositoryList = {
      id: newId("stream").slice(4),
      account: key.id,
      startedAt: now,
      items: [],
      seen: new Set(),
      problems: [],
      total: 0,
      ended: false,
      changed: Promise.withResolvers(),
    };
    this.#lists.set(list.id, list);
    for (const id of [...this.#lists.keys()].slice(0, -keptLists)) this.#lists.delete(id);
    void this.#read(key, list);
    return list;
  }

  async #read(key: CredentialKey, list: RepositoryList): Promise<void> {
    const memory: PageMemory<ListedRepository> = this.#memories.get(key.id) ?? new Map();
    this.#memories.set(key.id, memory);
    const problem = (error: CloudSmithError, organization: string | null): void => {
      list.problems.push({
        account: key.id,
        organization,
        error,
        url: error instanceof GitHubError ? error.url : null,
      });
    };
    try {
      await this.#access.call(key, this.#signal, (octokit, credential) =>
        readRepositories({
          octokit,
          credential,
          memory,
          onTotal: (count) => void (list.total += count),
          onItems: (items) => add(list, items),
          onProblem: problem,
        }),
      );
    } catch (error) {
      // The list's callers are told: whatever has come stays usable.
      problem(toCloudSmithError(error), null);
    }
    list.total = list.items.length;
    list.ended = true;
    tell(list);
  }
}

/** A repository may come twice: pages move while they are read. */
function add(list: RepositoryList, items: readonly ListedRepository[]): void {
  for (const item of items) {
    if (list.seen.has(item.id)) continue;
    list.seen.add(item.id);
    list.items.push(item);
  }
  tell(list);
}

function tell(list: RepositoryList): void {
  list.changed.resolve();
  list.changed = Promise.withResolvers();
}

/** How far a caller has come in a list. */
interface Place {
  readonly list: RepositoryList;
  readonly offset: number;
}

const isRead = ({ list, offset }: Place): boolean => list.items.length <= offset;
const isAtEnd = (place: Place): boolean => place.list.ended && isRead(place);

async function change(places: readonly Place[], signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const stop = (): void => aborted.resolve();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  await Promise.race([aborted.promise, ...places.map(({ list }) => list.changed.promise)]);
  signal.removeEventListener("abort", stop);
}
