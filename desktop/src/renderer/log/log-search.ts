import type { LogModel } from "./log-model.ts";
import { firstHitFrom, hitAt, hitCount, noHits, stepped, withHits, type Hit, type Hits } from "./log-hits.ts";
import { grepOf, problemOf, type LogQuery } from "./log-query.ts";

export interface SearchState {
  readonly query: LogQuery;
  readonly hits: Hits;
  /** Index of the hit that is looked at; undefined while there is none. */
  readonly current: number | undefined;
  /** Share of the log that was looked through, 0 to 1. */
  readonly done: number;
  readonly error: unknown;
  /** Why the pattern is none. */
  readonly problem: string | undefined;
}

const noQuery: LogQuery = { text: "", matchCase: false, regex: false };
const idle: SearchState = {
  query: noQuery,
  hits: noHits,
  current: undefined,
  done: 1,
  error: undefined,
  problem: undefined,
};
/** How often lines that came since are searched too, in milliseconds. */
const againMs = 1000;

interface Wish {
  readonly grep: string;
  readonly from: Hit | undefined;
  readonly onFirst: (hit: Hit) => void;
}

/** Looks through the whole of a model's logs, also what is not loaded: the server looks, a piece at a time. */
export class LogSearch {
  readonly #model: LogModel;
  readonly #listeners = new Set<() => void>();
  readonly #scanned = new Map<string, number>();
  #state = idle;
  #running: AbortController | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(model: LogModel) {
    this.#model = model;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): SearchState => this.#state;
  get hit(): Hit | undefined {
    return this.#state.current === undefined ? undefined : hitAt(this.#state.hits, this.#state.current);
  }

  /** Looks for something else, and stops at its first line at or below a place. */
  look(query: LogQuery, from: Hit | undefined, onFirst: (hit: Hit) => void): void {
    this.stop();
    this.#scanned.clear();
    const problem = problemOf(query);
    const grep = problem === undefined ? grepOf(query) : undefined;
    this.#set({ ...idle, query, problem, done: grep === undefined ? 1 : 0 });
    if (grep === undefined) return;
    this.#running = new AbortController();
    void this.#run({ grep, from, onFirst }, this.#running.signal);
  }

  /** The hit after (1) or before (-1) the one that is looked at. */
  step(by: 1 | -1): Hit | undefined {
    const count = hitCount(this.#state.hits);
    if (count === 0) return undefined;
    const before = this.#state.current;
    this.#set({ ...this.#state, current: before === undefined ? 0 : stepped(count, before, by) });
    return this.hit;
  }

  stop(): void {
    this.#running?.abort();
    clearTimeout(this.#again);
  }

  async #run(wish: Wish, signal: AbortSignal): Promise<void> {
    try {
      for (const key of this.#model.keys) await this.#scan(key, wish, signal);
      if (signal.aborted) return;
      this.#choose(wish, true);
      if (this.#state.done < 1) this.#set({ ...this.#state, done: 1, error: undefined });
      this.#again = setTimeout(() => void this.#run(wish, signal), againMs);
    } catch (error) {
      if (!signal.aborted) this.#set({ ...this.#state, done: 1, error });
    }
  }

  async #scan(key: string, wish: Wish, signal: AbortSignal): Promise<void> {
    const source = this.#model.source(key);
    while (source !== undefined && !signal.aborted) {
      const after = this.#scanned.get(key) ?? -1;
      if (after >= (this.#model.pages(key)?.total ?? 0) - 1) return;
      const { positions, scanned } = await source.search(wish.grep, after, signal);
      if (signal.aborted || scanned <= after) return;
      this.#scanned.set(key, scanned);
      const place = this.hit;
      const hits = withHits(this.#state.hits, this.#model.keys, key, positions);
      const current = place === undefined ? undefined : firstHitFrom(hits, this.#model.keys, place);
      this.#set({ ...this.#state, hits, current, done: Math.min(this.#share(), 0.99) });
      this.#choose(wish, false);
    }
  }

  /** Stops at the first hit at or below the place; at the first of all only once everything was looked through. */
  #choose({ from, onFirst }: Wish, isAll: boolean): void {
    const { hits, current } = this.#state;
    if (current !== undefined) return;
    const index = from === undefined ? 0 : firstHitFrom(hits, this.#model.keys, from);
    const hit = hitAt(hits, index);
    if (hit === undefined || !(isAll || this.#isBelow(hit, from))) return;
    this.#set({ ...this.#state, current: index });
    onFirst(hit);
  }

  #isBelow(hit: Hit, from: Hit | undefined): boolean {
    if (from === undefined) return true;
    const rank = this.#model.keys.indexOf(hit.section) - this.#model.keys.indexOf(from.section);
    return rank > 0 || (rank === 0 && hit.position >= from.position);
  }

  #share(): number {
    let lines = 0;
    let scanned = 0;
    for (const key of this.#model.keys) {
      lines += this.#model.pages(key)?.total ?? 0;
      scanned += (this.#scanned.get(key) ?? -1) + 1;
    }
    return lines === 0 ? 1 : scanned / lines;
  }

  #set(state: SearchState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
