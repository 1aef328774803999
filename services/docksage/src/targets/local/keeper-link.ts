import { CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";
import type { Keeper } from "./keeper-client.ts";
import type { KeeperDesired, KeeperStatus } from "./protocol.ts";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds between two attempts to reach a keeper that is gone. */
const retryMs = 200;
/** How long callers wait for a keeper that is being started, in milliseconds. */
const reachMs = 30_000;

/** A lasting link to the keeper: follows its status, starts it again when it dies, and says when it forgot what it was told. */
export class KeeperLink {
  readonly #connect: (signal: AbortSignal) => Promise<Keeper>;
  readonly #signal: AbortSignal;
  readonly #onError: (error: unknown) => void;
  #keeper = Promise.withResolvers<Keeper>();
  #linked = false;
  #lastError: unknown;
  #status: KeeperStatus | undefined;
  #releases: ReadonlyMap<string, KeeperStatus["releases"][number]> = new Map();
  #routes: ReadonlyMap<string | null, KeeperStatus["routes"][number]> = new Map();
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

  /** A release in the last status. */
  release(id: string): KeeperStatus["releases"][number] | undefined {
    return this.#releases.get(id);
  }

  /** The route that leads to a release in the last status. */
  route(releaseId: string): KeeperStatus["routes"][number] | undefined {
    return this.#routes.get(releaseId);
  }

  /** The keeper, once it is reached. Throws `keeper-unreachable` when that takes longer than 30 s or the link is closed. */
  async keeper(): Promise<Keeper> {
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(reachMs)]);
    const late = Promise.withResolvers<never>();
    const onAbort = (): void => late.reject(this.#unreachable());
    if (limit.aborted) onAbort();
    limit.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([this.#keeper.promise, late.promise]);
    } finally {
      limit.removeEventListener("abort", onAbort);
    }
  }

  #unreachable(): CloudSmithError {
    const cause = this.#lastError;
    return new CloudSmithError("keeper-unreachable", "The keeper that runs the apps cannot be reached", {
      why:
        cause === undefined ? "it does not answer" : (toCloudSmithError(cause).why ?? toCloudSmithError(cause).message),
      fix: "Try again; `cloudsmith doctor` looks for what is in its way",
      cause,
    });
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
    this.#releases = new Map(status.releases.map((each) => [each.id, each]));
    this.#routes = new Map(status.routes.map((each) => [each.releaseId, each]));
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
        this.#lastError = error;
        if (!this.#signal.aborted) this.#onError(error);
      }
      // Only a promise that was kept is replaced: callers wait for the other one.
      if (this.#linked) this.#keeper = Promise.withResolvers<Keeper>();
      this.#linked = false;
      await wait(retryMs, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }
}
