import type { KeeperRelease, ObservedRelease, ReleaseReason } from "../protocol.ts";
import { createStaticHandler } from "./static/static-site.ts";
import { TrafficCounter } from "./metrics/traffic-counter.ts";
import { createBackendAgent, Exchanges, type Backend, type BackendTarget } from "./proxy/backend.ts";
import { initialObservation } from "./observation.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";
import { stat } from "node:fs/promises";

const drainMs = 30_000;
const successorDrainMs = 5000;

/** A release that the keeper runs: its app under a supervisor, or its files; with the requests it is busy with. */
export class RunningRelease implements Backend {
  readonly release: KeeperRelease;
  readonly traffic = new TrafficCounter();
  readonly exchanges = new Exchanges();
  readonly agent = createBackendAgent();
  readonly #supervisor: Supervisor | null;
  readonly #onChange: () => void;
  readonly #static: BackendTarget | null;
  #staticObserved: ObservedRelease;
  #drainingUntil: string | null = null;
  #drain: AbortController | null = null;
  #stopped: Promise<void> | null = null;
  #yielded = false;

  constructor(options: SupervisorOptions) {
    this.release = options.release;
    this.#onChange = options.onChange;
    const { run } = options.release;
    this.#supervisor = run.type === "process" ? new Supervisor(options) : null;
    this.#static =
      run.type === "static" ? { type: "static", handle: createStaticHandler({ ...run, traffic: this.traffic }) } : null;
    this.#staticObserved = initialObservation(options.release.id);
  }

  get releaseId(): string {
    return this.release.id;
  }

  get observed(): ObservedRelease {
    return { ...(this.#supervisor?.observed ?? this.#staticObserved), drainingUntil: this.#drainingUntil };
  }

  get target(): BackendTarget | null {
    if (this.#static !== null) return this.#staticObserved.state === "healthy" ? this.#static : null;
    const address = this.#supervisor?.address ?? null;
    return address === null ? null : { type: "process", ...address };
  }

  get isStopped(): boolean {
    return this.observed.state === "stopped" && !this.#yielded;
  }

  get isCrashing(): boolean {
    return this.observed.state === "crashing";
  }

  get isExpectedSoon(): boolean {
    return this.#yielded || (this.#supervisor?.isExpectedSoon ?? this.#staticObserved.state === "starting");
  }

  /** Whether it has been told to end and can no longer be kept. */
  get isEnding(): boolean {
    return this.#stopped !== null;
  }

  get isDraining(): boolean {
    return this.#drain !== null;
  }

  /** Whether it gave way to a release that needs the same port. */
  get hasYielded(): boolean {
    return this.#yielded;
  }

  /** The supervisor of its app; null for a static site. */
  get supervisor(): Supervisor | null {
    return this.#supervisor;
  }

  start(): void {
    if (this.isEnding) return;
    if (this.#supervisor !== null) this.#supervisor.start();
    else void this.#startStatic();
  }

  noteRefused(): void {
    this.#supervisor?.noteRefused();
  }

  /** Finishes what it is busy with (at most 30 s; what lasts longer is broken off), then ends the app. Can be taken back by `keep` until then. */
  async retire(): Promise<void> {
    if (this.isEnding || this.isDraining) return this.#stopped ?? undefined;
    const drain = new AbortController();
    this.#drain = drain;
    const limit = AbortSignal.timeout(drainMs);
    if (this.exchanges.count > 0) this.#drainingUntil = new Date(Date.now() + drainMs).toISOString();
    this.#onChange();
    await this.exchanges.untilIdle(AbortSignal.any([limit, drain.signal]));
    if (drain.signal.aborted) return;
    await this.stop();
  }

  /** Takes a retirement back; false when it is too late for that. */
  keep(): boolean {
    if (this.isEnding) return false;
    this.#drain?.abort();
    this.#drain = null;
    this.#drainingUntil = null;
    this.#onChange();
    return true;
  }

  /** Gives way to a release that needs the same port. Requests wait for the successor meanwhile. */
  async yieldToSuccessor(): Promise<void> {
    if (this.isEnding) return this.#stopped ?? undefined;
    this.#yielded = true;
    await this.exchanges.untilIdle(AbortSignal.timeout(successorDrainMs));
    await this.stop("stopped-for-successor");
  }

  /** Breaks off what is open and ends the app. */
  stop(reason: ReleaseReason | null = null): Promise<void> {
    this.#stopped ??= this.#end(reason);
    return this.#stopped;
  }

  async #end(reason: ReleaseReason | null): Promise<void> {
    this.#drain?.abort();
    this.exchanges.closeAll();
    await this.#supervisor?.stop(reason);
    this.agent.destroy();
    this.#drain = null;
    this.#drainingUntil = null;
    this.#staticObserved = { ...this.#staticObserved, state: "stopped", since: new Date().toISOString(), reason };
    this.#onChange();
  }

  async #startStatic(): Promise<void> {
    const { run } = this.release;
    const isThere =
      run.type === "static" &&
      (await stat(run.dir).then(
        (stats) => stats.isDirectory(),
        () => false,
      ));
    if (this.isEnding) return;
    const at = new Date().toISOString();
    this.#staticObserved = isThere
      ? { ...this.#staticObserved, state: "healthy", since: at, health: { bound: true, status: 200, at } }
      : { ...this.#staticObserved, state: "crashing", since: at, reason: "folder-missing" };
    this.#onChange();
  }
}
