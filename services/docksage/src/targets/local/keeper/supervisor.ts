import { rm, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createMasker, type LogWriter } from "@cloudsmith/logs";
import type { KeeperRelease, Listener, ObservedRelease, ReleaseReason } from "../protocol.ts";
import { startAppProcess, StartFailure, type AppExit, type AppProcess } from "./app-process.ts";
import { crashCause } from "./crash-reason.ts";
import { httpStatus, waitForAnswer, type Answer } from "./probe.ts";
import { listenersOf } from "./processes/listeners.ts";
import { listProcesses, proportionalMemory, type ProcessRow } from "./processes/process-table.ts";
import { endTree, treeOf, type ProcessIdentity } from "./processes/process-tree.ts";
import { RecentLines } from "./recent-lines.ts";

const firstBackoffMs = 200;
const longestBackoffMs = 30_000;
/** Health for this long forgets earlier crashes. */
const forgivenAfterMs = 60_000;
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
  #identity: ProcessIdentity | null = null;
  #killedFor: ReleaseReason | null = null;
  #healthySince: number | null = null;
  #lastHealthyAt = 0;
  #refused = new AbortController();
  #cpu: { at: number; ms: number } | null = null;
  #done: Promise<void> | null = null;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#lines = new RecentLines(createMasker(options.release.secrets));
    this.#observed = initialObservation(options.release.id);
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
    return this.#observed.state === "starting" || Date.now() - this.#lastHealthyAt < 15_000;
  }

  start(): void {
    this.#done ??= this.#supervise();
  }

  /** Ends the app: SIGTERM to all its processes, SIGKILL after 10 seconds. */
  async stop(reason: ReleaseReason | null = null): Promise<void> {
    this.#stop.abort();
    await this.#done;
    this.#change({ state: "stopped", port: null, pid: null, listening: [], memoryMb: null, cpuPercent: null, reason });
  }

  /** The proxy could not connect: the app is looked for again, if it lives. */
  noteRefused(): void {
    if (this.#observed.state === "healthy") this.#refused.abort();
  }

  /** Takes note of CPU and memory from a fresh reading of the process table, and ends an app that is above its memory limit. */
  async sample(rows: readonly ProcessRow[]): Promise<void> {
    if (this.#identity === null) return;
    const tree = treeOf(rows, this.#identity);
    const cpuMs = tree.reduce((sum, row) => sum + row.cpuMs, 0);
    const memoryBytes = tree.reduce((sum, row) => sum + row.memoryBytes, 0);
    const before = this.#cpu;
    this.#cpu = { at: performance.now(), ms: cpuMs };
    const cpuPercent = before === null ? null : Math.max(0, ((cpuMs - before.ms) / (this.#cpu.at - before.at)) * 100);
    this.#observed = {
      ...this.#observed,
      memoryMb: toMegabytes(memoryBytes),
      cpuPercent: cpuPercent === null ? null : round(cpuPercent),
    };
    const limit = this.#options.release.limits.memoryMb;
    if (limit === null || memoryBytes <= limit * megabyte || this.#killedFor !== null) return;
    // What forked workers share is counted once for each of them above, so a second look counts it once.
    const honest = await proportionalMemory(tree);
    if (honest <= limit * megabyte || this.#killedFor !== null || this.#stop.signal.aborted) return;
    await this.#kill("out-of-memory");
  }

  async #supervise(): Promise<void> {
    let backoffMs = firstBackoffMs;
    while (!this.#stop.signal.aborted) {
      const healthyMs = await this.#runOnce();
      if (this.#stop.signal.aborted) break;
      if (healthyMs >= forgivenAfterMs) backoffMs = firstBackoffMs;
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
    this.#cpu = null;
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
    const watching = this.#watchHealth(signal).catch(() => undefined);
    const stopped = new Promise<null>((resolve) =>
      signal.addEventListener("abort", () => resolve(null), { once: true }),
    );
    if (this.#stop.signal.aborted) ended.abort();
    const exit = await Promise.race([app.exited, stopped]);
    this.#lastHealthyAt = this.#observed.state === "healthy" ? Date.now() : this.#lastHealthyAt;
    ended.abort();
    this.#answer = null;
    if (exit !== null) await app.silent;
    await watching;
    return exit;
  }

  async #watchHealth(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const answer = await this.#awaitHealth(signal);
      if (answer === null) return;
      this.#healthySince ??= Date.now();
      this.#answer = answer;
      const health = { bound: true, status: answer.status, at: new Date().toISOString() };
      this.#change({
        state: "healthy",
        port: answer.port,
        health,
        reason: null,
        exit: null,
        portTaken: null,
        lastLines: [],
      });
      void this.#followServerErrors(answer, signal);
      await this.#untilRefused(signal);
      this.#lastHealthyAt = Date.now();
      if (!signal.aborted) this.#change({ state: "starting", health: { ...this.#observed.health, bound: false } });
    }
  }

  async #awaitHealth(signal: AbortSignal): Promise<Answer | null> {
    const { release, port, hostHeader } = this.#options;
    if (release.run.type !== "process") return null;
    const deadline = AbortSignal.timeout(release.health.startSeconds * 1000);
    const target = {
      port,
      portHint: release.run.portHint,
      path: release.health.path,
      hostHeader,
      listeners: () => this.#findListeners(),
      onListeners: (listening: Listener[]) => {
        if (JSON.stringify(listening) === JSON.stringify(this.#observed.listening)) return;
        this.#change({ listening, health: { ...this.#observed.health, bound: listening.length > 0 } });
      },
    };
    try {
      return await waitForAnswer(target, AbortSignal.any([signal, deadline]));
    } catch (error) {
      if (signal.aborted) return null;
      if (!deadline.aborted) throw error;
      await this.#kill(this.#observed.listening.length > 0 ? "health-timeout" : "port-not-bound");
      return null;
    }
  }

  /** While the health path answers 5xx it is asked again, so that a warm-up is told from a defect; bounded by the start limit. */
  async #followServerErrors(answer: Answer, signal: AbortSignal): Promise<void> {
    const { release, hostHeader } = this.#options;
    const until = Date.now() + release.health.startSeconds * 1000;
    let status: number | null = answer.status;
    for (
      let pauseMs = 200;
      status !== null && status >= 500 && Date.now() < until && !signal.aborted;
      pauseMs = Math.min(pauseMs * 1.5, 2000)
    ) {
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      status = await httpStatus({ ...answer, path: release.health.path, hostHeader: hostHeader() }, signal);
      if (status !== null) this.#change({ health: { bound: true, status, at: new Date().toISOString() } });
    }
  }

  async #untilRefused(signal: AbortSignal): Promise<void> {
    this.#refused = new AbortController();
    const either = AbortSignal.any([signal, this.#refused.signal]);
    if (!either.aborted)
      await new Promise<void>((resolve) => either.addEventListener("abort", () => resolve(), { once: true }));
  }

  async #findListeners(): Promise<Listener[]> {
    if (this.#identity === null) return [];
    const tree = treeOf(await listProcesses(), this.#identity);
    return listenersOf(tree.map((row) => row.pid));
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
    });
    this.#identity = null;
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
      state: "crashing",
      port: null,
      pid: null,
      listening: [],
      memoryMb: null,
      cpuPercent: null,
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

export function initialObservation(id: string): ObservedRelease {
  return {
    id,
    state: "starting",
    port: null,
    pid: null,
    restarts: 0,
    since: new Date().toISOString(),
    health: { bound: false, status: null, at: null },
    listening: [],
    exit: null,
    lastLines: [],
    memoryMb: null,
    cpuPercent: null,
    reason: null,
    portTaken: null,
    drainingUntil: null,
  };
}

const megabyte = 2 ** 20;

function toMegabytes(bytes: number): number {
  return round(bytes / megabyte);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

async function emptyFolder(path: string): Promise<void> {
  const names = await readdir(path).catch(() => []);
  await Promise.all(names.map((name) => rm(join(path, name), { recursive: true, force: true }).catch(() => undefined)));
}
