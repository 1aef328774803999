import { type FSWatcher, watch } from "node:fs";

/** Without a watch (the folder is not there yet, or the system has no watches left) the folder is looked at this often. */
const pollMs = 50;
/** Not every file system reports every change, a network one least of all. */
const safetyPollMs = 1000;

/** Says when something may have changed in a folder. */
export class FolderChanges implements Disposable {
  readonly #folder: string;
  #watcher: FSWatcher | undefined;
  #changed = false;
  #wake: (() => void) | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#watch();
  }

  /** Waits for a change since the last call; returns after a second at most, and at once on abort. */
  async next(signal: AbortSignal): Promise<void> {
    if (this.#watcher === undefined) this.#watch();
    if (!this.#changed && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, this.#watcher === undefined ? pollMs : safetyPollMs);
      signal.addEventListener("abort", this.#onAbort);
      await promise;
      signal.removeEventListener("abort", this.#onAbort);
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#changed = false;
  }

  [Symbol.dispose](): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  readonly #onAbort = (): void => this.#wake?.();

  #watch(): void {
    try {
      const watcher = watch(this.#folder, () => this.#onChange());
      watcher.on("error", () => this[Symbol.dispose]());
      this.#watcher = watcher;
      // What changed before the watch stood was not reported.
      this.#changed = true;
    } catch {
      // Polling does the same, a little later.
      this.#watcher = undefined;
    }
  }

  #onChange(): void {
    this.#changed = true;
    this.#wake?.();
  }
}
