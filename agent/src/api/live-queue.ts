/** Messages between the sources of a live stream and its reader. Sources wait while what is queued weighs too much. */
export class LiveQueue<T> {
  readonly #maxWeight: number;
  readonly #items: { readonly item: T; readonly weight: number }[] = [];
  #weight = 0;
  /** Resolves with the next change: something came, went, or the queue was woken. */
  #changed = Promise.withResolvers<void>();

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  /** Resolves when there is room, or when the signal aborts. One item is always let in, however heavy it is. */
  async room(signal: AbortSignal): Promise<void> {
    if (this.#weight < this.#maxWeight || signal.aborted) return;
    const onAbort = (): void => this.wake();
    signal.addEventListener("abort", onAbort, { once: true });
    while (this.#weight >= this.#maxWeight && !signal.aborted) await this.#changed.promise;
    signal.removeEventListener("abort", onAbort);
  }

  push(item: T, weight: number): void {
    this.#items.push({ item, weight });
    this.#weight += weight;
    this.wake();
  }

  shift(): T | undefined {
    const first = this.#items.shift();
    if (first === undefined) return undefined;
    this.#weight -= first.weight;
    this.wake();
    return first.item;
  }

  /** Resolves at the next change, or after `timeoutMs` with false. */
  async change(timeoutMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
    const changed = await Promise.race([this.#changed.promise.then(() => true), timeout]);
    clearTimeout(timer);
    return changed;
  }

  wake(): void {
    const seen = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    seen.resolve();
  }
}
