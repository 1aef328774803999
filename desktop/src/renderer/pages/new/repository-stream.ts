import { RepositoryList, type ListedRepository } from "./repository-list.ts";

/** One answer of the agent: what came after a cursor, as GitHub is read. */
export interface StreamPage<R, P> {
  readonly items: readonly R[];
  readonly cursor: string | null;
  readonly total: number;
  readonly problems: readonly P[];
}

export type ReadPage<R, P> = (
  place: { readonly cursor: string | undefined; readonly fresh: boolean },
  signal: AbortSignal,
) => Promise<StreamPage<R, P>>;

export interface Streamed<R extends ListedRepository, P> {
  readonly list: RepositoryList<R>;
  /** How many there will be, as far as is known. */
  readonly total: number;
  readonly problems: readonly P[];
  readonly state: "reading" | "done" | "failed";
  /** Why it failed; what came before stays. */
  readonly error: unknown;
}

/** Reads repositories page by page while somebody looks, and goes on where it was when they come back. */
export class RepositoryStream<R extends ListedRepository, P> {
  readonly #read: ReadPage<R, P>;
  readonly #listeners = new Set<() => void>();
  #streamed: Streamed<R, P> = start();
  #cursor: string | undefined;
  #fresh = false;
  #running: AbortController | undefined;

  constructor(read: ReadPage<R, P>) {
    this.#read = read;
  }

  get streamed(): Streamed<R, P> {
    return this.#streamed;
  }

  /** Reads until nobody listens any more. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#go();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#running?.abort();
      this.#running = undefined;
    };
  }

  /** Asks GitHub itself, from the beginning. */
  refresh(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#cursor = undefined;
    this.#fresh = true;
    this.#tell(start());
    this.#go();
  }

  /** Goes on after a failure, from where it stopped. */
  retry(): void {
    this.#tell({ ...this.#streamed, state: "reading", error: undefined });
    this.#go();
  }

  #go(): void {
    if (this.#running !== undefined || this.#streamed.state !== "reading") return;
    this.#running = new AbortController();
    void this.#follow(this.#running.signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    try {
      for (let state = this.#streamed.state; state === "reading";) {
        const page = await this.#read({ cursor: this.#cursor, fresh: this.#fresh }, signal);
        if (signal.aborted) return;
        const { list } = this.#streamed;
        list.add(page.items);
        this.#cursor = page.cursor ?? undefined;
        state = page.cursor === null ? "done" : "reading";
        const problems = page.problems;
        this.#tell({ list, total: Math.max(page.total, list.size), problems, state, error: undefined });
      }
      this.#fresh = false;
    } catch (error) {
      if (!signal.aborted) this.#tell({ ...this.#streamed, state: "failed", error });
    }
    if (!signal.aborted) this.#running = undefined;
  }

  #tell(streamed: Streamed<R, P>): void {
    this.#streamed = streamed;
    for (const listener of this.#listeners) listener();
  }
}

function start<R extends ListedRepository, P>(): Streamed<R, P> {
  return { list: new RepositoryList<R>(), total: 0, problems: [], state: "reading", error: undefined };
}
