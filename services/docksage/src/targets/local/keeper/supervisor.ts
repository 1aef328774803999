import { rm, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { createMasker, type LogWriter } from "@cloudsmith/logs";
import type { KeeperRelease, Listener, ObservedRelease, ReleaseReason } from "../protocol.ts";
import { startAppProcess, StartFailure, type AppExit, type AppProcess } from "./app-process.ts";
import { crashCause } from "./crash-reason.ts";
import { HealthWatch } from "./health-watch.ts";
import { isAboveLimit, LoadMeter } from "./load-meter.ts";
import { initialObservation, noProcesses } from "./observation.ts";
import type { Answer } from "./probe.ts";
import { listenersOf } from "./processes/listeners.ts";
import { listProcesses, type ProcessRow } from "./processes/process-table.ts";
import { endTree, treeOf, type ProcessIdentity } from "./processes/process-tree.ts";
import { RecentLines } from "./recent-lines.ts";
import { whenAborted } from "./when-aborted.ts";

const firstBackoffMs = 200;
const longestBackoffMs = 30_000;
/** Health for this long forgets earlier crashes. */
const forgivenAfterMs = 60_000;
const recentlyHealthyMs = 15_000;
const worthWaitingMs = 5000;
const stopGraceMs = 10_000;
const crashGraceMs = 1000;

export interface SupervisorOptions {
  readonly release: KeeperRelease;
  readonly port: number;
  readonly keeperName: string;
  readonly log: LogWriter;
  /** Host header of health checks. */
  readonly hostHeader: () => string;
  /** The other release of this keeper that listens on a port. */
  readonly holderOf: (port: number) => string | null;
  readonly onChange: () => void;
  /** The first process, as soon as it exists; null when none is left. */
  readonly onIdentity: (identity: ProcessIdentity | null) => void;
}

/** Keeps one release's app running: start, health, crash, backoff, memory limit, end. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #stop = new AbortController();
  readonly #lines: RecentLines;
  #observed: ObservedRelease;
  #answer: Answer | null = null;
  /** What an app listened on that was ended since it did not answer. */
  #heard: Listener[] = [];
  #identity: ProcessIdentity | null = null;
  /** Processes of this life of the app. */
  #seen = new Map<number, string>();
  #killedFor: ReleaseReason | null = null;
  #healthySince: number | null = null;
  #lastHealthyAt = 0;
  /** When the pause after a crash ends. */
  #resumesAt = 0;
  readonly #meter = new LoadMeter();
  readonly #health: HealthWatch;
  #done: Promise<void> | null = null;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#lines = new RecentLines(createMasker(options.release.secrets));
    this.#observed = initialObservation(options.release.id);
    this.#health = new HealthWatch({
      ...options,
      findListeners: () => this.#findListeners(),
      onListeners: (listening) => this.#seeListeners(listening),
      onAnswer: (answer) => this.#seeAnswer(answer),
      onStatus: (status) => this.#change({ health: { bound: true, status, at: new Date().toISOString() } }),
      onRefused: () => {
        this.#lastHealthyAt = Date.now();
        this.#change({ state: "starting", health: { ...this.#observed.health, bound: false } });
      },
    });
  }

  get observed(): ObservedRelease {
    return this.#observed;
  }

  /** Where requests go; null while the app does not answer. */
  get address(): Answer | null {
    return this.#observed.state === "healthy" ? this.#answer : null;
  }

  /** Whether it is worth a request's while to wait: a first start, or a restart soon after health. */
  get isExpectedSoon(): boolean {
    if (this.#stop.signal.aborted) return false;
    if (this.#observed.state === "starting") return true;
    return Date.now() - this.#lastHealthyAt < recentlyHealthyMs && this.#resumesAt - Date.now() < worthWaitingMs;
  }

  start(): void {
    this.#done ??= this.#supervise();
  }

  /** Ends the app: SIGTERM to all its processes, SIGKILL after 10 seconds. */
  async stop(reason: ReleaseReason | null = null): Promise<void> {
    this.#stop.abort();
    await this.#done;
    this.#change({ ...noProcesses, state: "stopped", reason });
  }

  /** The proxy could not connect: the app is looked for again, if it lives. */
  noteRefused(): void {
    if (this.#observed.state === "healthy") this.#health.noteRefused();
  }

  /** Takes note of CPU and memory from a fresh reading of the process table, and ends an app that is above its memory limit. */
  async sample(rows: readonly ProcessRow[]): Promise<void> {
    const tree = this.#tree(rows);
    if (tree.length === 0) return;
    const load = this.#meter.read(tree);
    this.#observed = { ...this.#observed, ...load };
    const isAbove = await isAboveLimit(load, tree, this.#options.release.limits.memoryMb);
    if (!isAbove || this.#killedFor !== null || this.#stop.signal.aborted) return;
    await this.#kill("out-of-memory");
  }

  async #supervise(): Promise<void> {
    let backoffMs = firstBackoffMs;
    while (!this.#stop.signal.aborted) {
      const healthyMs = await this.#runOnce();
      if (this.#stop.signal.aborted) break;
      if (healthyMs >= forgivenAfterMs) backoffMs = firstBackoffMs;
      this.#resumesAt = Date.now() + backoffMs;
      await delay(backoffMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
      if (!this.#stop.signal.aborted) this.#change({ restarts: this.#observed.restarts + 1 });
    }
    await emptyFolder(this.#options.release.tempDir);
    // A disk that is full keeps the last lines, not the end of the app.
    await this.#options.log.end().catch(() => undefined);
  }

  /** One life of the app, from its start until none of its processes is left. Gives how long it was healthy, in milliseconds. */
  async #runOnce(): Promise<number> {
    this.#lines.clear();
    this.#killedFor = null;
    this.#healthySince = null;
    this.#meter.reset();
    let exit: AppExit | null = null;
    let failure: StartFailure | null = null;
    try {
      const app = await this.#startProcess();
      exit = await this.#live(app);
    } catch (error) {
      failure =
        error instanceof StartFailure
          ? error
          : new StartFailure("start-failed", error instanceof Error ? error.message : String(error));
      this.#note(failure.message);
    }
    if (!this.#stop.signal.aborted) this.#reportCrash(exit, failure);
    await this.#clear(this.#stop.signal.aborted ? stopGraceMs : crashGraceMs);
    return this.#healthySince === null ? 0 : Date.now() - this.#healthySince;
  }

  async #startProcess(): Promise<AppProcess> {
    const { release, port, keeperName, log, onIdentity } = this.#options;
    const app = await startAppProcess({
      release,
      port,
      keeperName,
      onOutput: (stream, bytes) => {
        this.#lines.add(stream, bytes);
        // An app that prints faster than the disk takes it waits in its own pipe.
        return log.writeChunk(stream, bytes) ? null : log.flush().catch(() => undefined);
      },
    });
    this.#identity = app.identity;
    onIdentity(app.identity);
    this.#change({
      pid: app.identity.pid,
      port: null,
      listening: [],
      health: { ...this.#observed.health, bound: false },
    });
    return app;
  }

  /** Watches a started app until its first process ends or the release is stopped. */
  async #live(app: AppProcess): Promise<AppExit | null> {
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, this.#stop.signal]);
    const watching = this.#watchHealth(signal);
    const exit = await Promise.race([app.exited, whenAborted(this.#stop.signal).then(() => null)]);
    this.#lastHealthyAt = this.#observed.state === "healthy" ? Date.now() : this.#lastHealthyAt;
    ended.abort();
    this.#answer = null;
    if (exit !== null) await app.silent;
    await watching;
    return exit;
  }

  async #watchHealth(signal: AbortSignal): Promise<void> {
    try {
      if (await this.#health.run(signal)) return;
      this.#heard = this.#observed.listening;
      await this.#kill(this.#heard.length > 0 ? "health-timeout" : "port-not-bound");
    } catch (error) {
      if (signal.aborted) return;
      // Whatever keeps the app from being looked at must not leave it starting for ever.
      this.#note(`The app could not be looked at: ${error instanceof Error ? error.message : String(error)}`);
      await this.#kill("start-failed");
    }
  }

  #seeListeners(listening: Listener[]): void {
    if (isDeepStrictEqual(listening, this.#observed.listening)) return;
    this.#change({ listening, health: { ...this.#observed.health, bound: listening.length > 0 } });
  }

  #seeAnswer(answer: Answer): void {
    this.#healthySince ??= Date.now();
    this.#answer = answer;
    const health = { bound: true, status: answer.status, at: new Date().toISOString() };
    this.#change({
      state: "healthy",
      port: answer.port,
      allowedHost: answer.allowedHost,
      health,
      reason: null,
      exit: null,
      portTaken: null,
      lastLines: [],
    });
  }

  async #findListeners(): Promise<Listener[]> {
    return listenersOf(this.#tree(await listProcesses()).map((row) => row.pid));
  }

  #tree(rows: readonly ProcessRow[]): ProcessRow[] {
    if (this.#identity === null) return [];
    const tree = treeOf(rows, this.#identity, this.#seen);
    this.#seen = new Map(tree.map((row) => [row.pid, row.startedAt]));
    return tree;
  }

  async #kill(reason: ReleaseReason): Promise<void> {
    this.#killedFor = reason;
    this.#note(killNotes[reason] ?? reason);
    await this.#clear(reason === "out-of-memory" ? 0 : crashGraceMs);
  }

  async #clear(graceMs: number): Promise<void> {
    await endTree({
      graceMs,
      keeperName: this.#options.keeperName,
      releaseId: this.#options.release.id,
      root: this.#identity,
      seen: this.#seen,
    });
    this.#identity = null;
    this.#seen = new Map();
    this.#answer = null;
    this.#options.onIdentity(null);
  }

  #reportCrash(exit: AppExit | null, failure: StartFailure | null): void {
    const lines = this.#lines.list();
    const cause = crashCause(lines);
    const reason = failure?.reason ?? this.#killedFor ?? cause.reason;
    const portTaken =
      reason === "port-taken"
        ? { port: cause.port, holder: cause.port === null ? null : this.#options.holderOf(cause.port) }
        : null;
    this.#note(
      exit === null ? "The app could not be started" : `The app ended: ${exit.signal ?? `exit code ${exit.code}`}`,
    );
    this.#change({
      ...noProcesses,
      listening: reason === "health-timeout" ? this.#heard : [],
      state: "crashing",
      exit,
      lastLines: lines,
      reason,
      portTaken,
      health: { ...this.#observed.health, bound: false },
    });
  }

  #note(text: string): void {
    this.#options.log.write({ at: new Date().toISOString(), stream: "system", text });
  }

  #change(patch: Partial<ObservedRelease>): void {
    const isNewState = patch.state !== undefined && patch.state !== this.#observed.state;
    this.#observed = { ...this.#observed, ...patch, ...(isNewState && { since: new Date().toISOString() }) };
    this.#options.onChange();
  }
}

const killNotes: Partial<Record<ReleaseReason, string>> = {
  "out-of-memory": "The app used more memory than its limit and is restarted",
  "port-not-bound": "The app did not listen on any port within its start limit and is restarted",
  "health-timeout": "The app listens but did not answer HTTP within its start limit and is restarted",
};

async function emptyFolder(path: string): Promise<void> {
  const names = await readdir(path).catch(() => []);
  await Promise.all(names.map((name) => rm(join(path, name), { recursive: true, force: true }).catch(() => undefined)));
}
