/** Offsets of one partition that were taken and may be finished in any order; tells up to where all are. */
export class OffsetTracker {
  /** In the order taken, which is that of the log; the finished ones at the front are dropped. */
  readonly #open: { readonly offset: bigint; done: boolean }[] = [];
  readonly #places = new Map<bigint, { done: boolean }>();
  #next: bigint | undefined;
  #committed: bigint | undefined;

  get size(): number {
    return this.#places.size;
  }

  take(offset: bigint): void {
    const entry = { offset, done: false };
    this.#open.push(entry);
    this.#places.set(offset, entry);
    this.#next = offset + 1n;
  }

  finish(offset: bigint): void {
    const entry = this.#places.get(offset);
    if (entry === undefined) return;
    entry.done = true;
    this.#places.delete(offset);
    while (this.#open[0]?.done === true) this.#open.shift();
  }

  /** The offset to commit: every one below it is finished. Undefined where that has been committed. */
  get uncommitted(): bigint | undefined {
    const offset = this.#open[0]?.offset ?? this.#next;
    return offset === this.#committed ? undefined : offset;
  }

  committed(offset: bigint): void {
    this.#committed = offset;
  }
}
