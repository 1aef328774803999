import type { Keeper } from "./keeper-client.ts";
import type { KeeperDesired, KeeperStatus } from "./protocol.ts";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds between two attempts to reach a keeper that is gone. */
const retryMs = 200;

/** A lasting link to the keeper: follows its status, starts it again when it dies, and says when it forgot what it was told. */
export class KeeperLink {
  readonly #connect: (signal: AbortSignal) => Promise<Keeper>;
  readonly #signal: AbortSignal;
  readonly #onError: (error: unknown) => void;
  #keeper = Promise.withResolvers<Keeper>();
  #linked = false;
  #status: KeeperStatus | undefined;
  #changed = Promise.withResolvers<void>();
  #loop: Promise<void> | undefined;

  constructor(options: {
    connect: (signal: AbortSignal) => Promise<Keeper>;
    signal: AbortSignal;
    onError: (error: unknown) => void;
  }) {
    this.#connect = options.connect;
    this.#signal = options.signal;
    this.#onError = options.onError;
    this.#keeper.promise.catch(() => undefined);
  }

  /** Follows the keeper until the signal aborts. `onForgotten` is called whenever a keeper is met that was told nothing yet. */
  start(onForgotten: () => void): void {
    this.#loop ??= this.#follow(onForgotten);
  }

  isLinked(): boolean {
    return this.#linked;
  }

  get status(): KeeperStatus | undefined {
    return this.#status;
  }

  /** The keeper, once it is reached. */
  keeper(): Promise<Keeper> {
    return this.#keeper.promise;
  }

  async apply(desired: KeeperDesired): Promise<void> {
    const keeper = await this.keeper();
    this.#see(await keeper.apply(desired, AbortSignal.any([this.#signal, AbortSignal.timeout(30_000)])));
  }

  /** Resolves after the next status, or when the signal aborts. */
  async changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const aborted = Promise.withResolvers<void>();
    const onAbort = (): void => aborted.resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    await Promise.race([this.#changed.promise, aborted.promise]);
    signal.removeEventListener("abort", onAbort);
  }

  async stopped(): Promise<void> {
    await this.#loop;
  }

  #see(status: KeeperStatus): void {
    this.#status = status;
    const seen = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    seen.resolve();
  }

  async #follow(onForgotten: () => void): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        const keeper = await this.#connect(this.#signal);
        this.#linked = true;
        this.#keeper.resolve(keeper);
        let told: number | null = -1;
        for await (const status of keeper.watch(this.#signal)) {
          this.#see(status);
          if (status.generation === null && told !== null) onForgotten();
          told = status.generation;
        }
      } catch (error) {
        if (!this.#signal.aborted) this.#onError(error);
      }
      this.#linked = false;
      this.#keeper = Promise.withResolvers<Keeper>();
      this.#keeper.promise.catch(() => undefined);
      await wait(retryMs, undefined, { signal: this.#signal }).catch(() => undefined);
    }
    this.#keeper.reject(new Error("the link to the keeper was closed"));
  }
}
