/** Works on items: those of one key one after the other in the order they came, keys side by side. */
export class KeyQueues<T> {
  readonly #work: (item: T) => Promise<void>;
  readonly #queues = new Map<string, T[]>();
  readonly #running = new Set<Promise<void>>();

  /** `work` must not reject: nobody could tell what to do with the rest of the key. */
  constructor(work: (item: T) => Promise<void>) {
    this.#work = work;
  }

  push(key: string, item: T): void {
    const queue = this.#queues.get(key);
    if (queue !== undefined) return void queue.push(item);
    const fresh = [item];
    this.#queues.set(key, fresh);
    const running = this.#drain(key, fresh).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when all that was pushed has been worked on. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #drain(key: string, queue: T[]): Promise<void> {
    // Work never runs inside the call that pushes.
    await Promise.resolve();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await this.#work(next);
    this.#queues.delete(key);
  }
}
