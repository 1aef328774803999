import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CloudSmithError } from "@cloudsmith/contracts";
import type { LogWriter } from "@cloudsmith/logs";
import { keeperProtocolVersion, type KeeperDesired, type KeeperRelease, type KeeperStatus } from "../protocol.ts";
import { checkDesired } from "./check-desired.ts";
import { Ports } from "./ports.ts";
import { Front } from "./proxy/front.ts";
import type { Gateway } from "./proxy/pass-on.ts";
import { RouteTable, type PlacedRoute } from "./proxy/route-table.ts";
import { RunningRelease } from "./running-release.ts";
import { endStaleProcesses } from "./stale-processes.ts";
import { readKeeperState, writeKeeperState, type KeeperState } from "./state-file.ts";

export interface KeeperOptions {
  /** The keeper's own folder. */
  readonly folder: string;
  /** Marks the keeper's processes. */
  readonly name: string;
  /** Wanted port of the proxy; null: the one it had, else the first free one from 7070 on. */
  readonly proxyPort: number | null;
  readonly openLog: (release: KeeperRelease) => LogWriter;
}

/** Brings apps and routes to the desired state and keeps them there. */
export class Keeper implements Gateway {
  readonly #options: KeeperOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #statePath: string;
  readonly #front: Front;
  readonly #ports: Ports;
  /** By id; one that is replaced under the same id goes on in `#leaving` until it has ended. */
  readonly #releases = new Map<string, RunningRelease>();
  readonly #leaving = new Set<RunningRelease>();
  #gone: RunningRelease[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #state: KeeperState;
  #table = new RouteTable([]);
  #generation: number | null = null;
  #proxyPort = 0;
  #applying: Promise<unknown> = Promise.resolve();
  #cleared: Promise<void> = Promise.resolve();
  #isEnding = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#statePath = join(options.folder, "state.json");
    this.#state = readKeeperState(this.#statePath);
    this.#front = new Front(this);
    this.#ports = new Ports(this.#front);
  }

  /** Opens the ports of the routes it had, and ends what an earlier keeper left behind. */
  async start(): Promise<void> {
    const stale = this.#state.processes;
    this.#cleared = endStaleProcesses(this.#options.name, stale);
    this.#proxyPort = await this.#ports.openProxyPort(this.#options.proxyPort ?? this.#state.proxyPort);
    this.#table = new RouteTable(await this.#ports.place(this.#state.routes, this.#state.routes));
    void this.#cleared.then(() => {
      this.#state.processes = this.#state.processes.filter((process) => !stale.includes(process));
      this.#save();
    });
  }

  /**
   * Replaces the desired state. Resolves when the routes have switched; apps start and end in the background.
   * @throws `conflict` for an older generation, `invalid-input` when it contradicts itself.
   */
  apply(desired: KeeperDesired): Promise<KeeperStatus> {
    const applied = this.#applying.then(() => this.#apply(desired));
    this.#applying = applied.catch(() => undefined);
    return applied;
  }

  status(): KeeperStatus {
    const routes = this.#table.routes.map(({ environmentId, host, releaseId, plainPort }) => ({
      environmentId,
      host,
      releaseId,
      plainPort,
      url: `http://${host}.localhost:${this.#proxyPort}`,
      plainUrl: `http://127.0.0.1:${plainPort}`,
    }));
    return {
      pid: process.pid,
      startedAt: this.#startedAt,
      version: keeperProtocolVersion,
      generation: this.#generation,
      proxyPort: this.#proxyPort,
      releases: [...this.#releases.values()].map((running) => running.observed),
      routes,
    };
  }

  /** The releases there are, those on their way out included. */
  all(): RunningRelease[] {
    return [...this.#releases.values(), ...this.#leaving];
  }

  /** The releases that are no longer among `all` since this was last asked. */
  takeGone(): RunningRelease[] {
    const gone = this.#gone;
    this.#gone = [];
    return gone;
  }

  /** Calls back after every change until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends all apps gracefully and closes all ports. */
  async shutdown(): Promise<void> {
    this.#isEnding = true;
    await this.#applying;
    await this.#cleared;
    await Promise.all(this.all().map((running) => running.stop()));
    this.#front.close();
    this.#save();
  }

  route(localPort: number | undefined, host: string | undefined): PlacedRoute | null {
    return this.#table.find(localPort, host);
  }

  again(route: PlacedRoute): PlacedRoute | null {
    return this.#table.ofEnvironment(route.environmentId);
  }

  backend(route: PlacedRoute): RunningRelease | null {
    return route.releaseId === null ? null : (this.#releases.get(route.releaseId) ?? null);
  }

  changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = () => {
        forget();
        signal.removeEventListener("abort", settle);
        resolve();
      };
      const forget = this.onChange(settle);
      signal.addEventListener("abort", settle, { once: true });
    });
  }

  async #apply(wanted: KeeperDesired): Promise<KeeperStatus> {
    const desired = this.#withKept(wanted);
    if (this.#isEnding) throw new CloudSmithError("keeper-unreachable", "The keeper is shutting down");
    const known = this.#generation ?? this.#state.generation;
    if (known !== null && desired.generation < known) {
      throw new CloudSmithError("conflict", "The keeper has a newer desired state", {
        why: `generation ${desired.generation} is older than ${known}`,
      });
    }
    checkDesired(desired);
    const running = this.all().map((each) => each.releaseId);
    this.#state.ports = await this.#ports.assign(desired.releases, running, this.#state.ports);
    const routes = await this.#ports.place(desired.routes, this.#table.routes);
    // From here to the switch nothing waits: a request sees either all of the old state or all of the new one.
    const before = this.#table.routes;
    this.#generation = desired.generation;
    this.#enter(desired.releases);
    this.#table = new RouteTable(routes);
    const ports = new Set(routes.map((route) => route.plainPort));
    for (const route of before) if (!ports.has(route.plainPort)) this.#front.unlisten(route.plainPort);
    this.#leave(desired.releases);
    this.#save();
    this.#notify();
    return this.status();
  }

  /** The desired state with the releases in it that go on as they are; a route to one that does not run leads nowhere. */
  #withKept({ keep = [], ...desired }: KeeperDesired): KeeperDesired {
    const named = new Set(desired.releases.map((release) => release.id));
    const kept = keep.flatMap((id) => (named.has(id) ? [] : (this.#releases.get(id)?.release ?? [])));
    const releases = [...desired.releases, ...kept];
    const isGone = (id: string | null): boolean =>
      id !== null && keep.includes(id) && !releases.some((release) => release.id === id);
    const routes = desired.routes.map((route) => (isGone(route.releaseId) ? { ...route, releaseId: null } : route));
    return { ...desired, releases, routes };
  }

  /** Starts what shall run and does not. */
  #enter(releases: readonly KeeperRelease[]): void {
    for (const release of releases) {
      const existing = this.#releases.get(release.id);
      if (existing !== undefined && isUnchanged(existing, release) && isKept(existing, release, releases)) continue;
      const running = this.#create(release);
      this.#releases.set(release.id, running);
      if (existing !== undefined) this.#depart(existing);
      if (release.desired === "running") void this.#startWhenClear(running);
      else void running.stop();
    }
  }

  /** Retires what shall not run any more; what is not named any longer is forgotten once it has ended. */
  #leave(releases: readonly KeeperRelease[]): void {
    const desired = new Map(releases.map((release) => [release.id, release.desired]));
    for (const [id, running] of this.#releases) {
      if (desired.get(id) === "running") continue;
      const isForgotten = !desired.has(id);
      void running.retire().then(() => {
        if (!isForgotten || !running.isEnding || this.#releases.get(id) !== running) return;
        this.#releases.delete(id);
        this.#gone.push(running);
        this.#notify();
      });
    }
  }

  #depart(running: RunningRelease): void {
    this.#leaving.add(running);
    void running.stop().finally(() => {
      this.#leaving.delete(running);
      this.#gone.push(running);
      this.#notify();
    });
  }

  /** Starts a release once nothing is left that could be in its way. */
  async #startWhenClear(running: RunningRelease): Promise<void> {
    await this.#cleared;
    const earlier = this.all().filter((other) => other !== running && other.releaseId === running.releaseId);
    const rivals = this.all().filter((other) => isRival(running.release, other.release));
    await Promise.all([...earlier.map((other) => other.stop()), ...rivals.map((other) => other.yieldToSuccessor())]);
    running.start();
  }

  #create(release: KeeperRelease): RunningRelease {
    return new RunningRelease({
      release,
      port: this.#state.ports[release.id] ?? 0,
      keeperName: this.#options.name,
      log: this.#options.openLog(release),
      hostHeader: () => {
        const route = this.#table.ofEnvironment(release.environmentId);
        return route === null ? "localhost" : `${route.host}.localhost:${this.#proxyPort}`;
      },
      holderOf: (port) => this.#holderOf(port, release),
      onChange: () => this.#notify(),
      onIdentity: (identity) => {
        this.#state.processes = this.#state.processes.filter((process) => process.releaseId !== release.id);
        if (identity !== null) this.#state.processes.push({ releaseId: release.id, ...identity });
        this.#save();
      },
    });
  }

  /** Only of its own environment: there it can give way to its successor, while another project's app keeps its port. */
  #holderOf(port: number, askedBy: KeeperRelease): string | null {
    const holder = this.all().find(
      (other) =>
        other.releaseId !== askedBy.id &&
        other.release.environmentId === askedBy.environmentId &&
        other.observed.listening.some((listener) => listener.port === port),
    );
    return holder?.releaseId ?? null;
  }

  #save(): void {
    this.#state.generation = this.#generation ?? this.#state.generation;
    this.#state.proxyPort = this.#proxyPort;
    this.#state.routes = [...this.#table.routes];
    try {
      writeKeeperState(this.#statePath, this.#state);
    } catch (error) {
      // With the disk full, apps and routes go on; what is not written is written with the next change.
      process.stderr.write(`the state could not be saved: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Masks and rivalry concern the start; whatever else differs needs another process. */
function isUnchanged(existing: RunningRelease, release: KeeperRelease): boolean {
  const startAffecting = (of: KeeperRelease) => ({ ...of, desired: null, secrets: null, exclusive: null });
  const mustPushAside =
    release.exclusive === true && existing.release.exclusive !== true && existing.observed.state !== "healthy";
  return !mustPushAside && isDeepStrictEqual(startAffecting(existing.release), startAffecting(release));
}

/** Whether a release goes on as it is: it runs, its retirement could be taken back, or it rightly gave way to a successor. */
function isKept(existing: RunningRelease, release: KeeperRelease, releases: readonly KeeperRelease[]): boolean {
  if (release.desired === "stopped") return true;
  return (
    existing.keep() ||
    (existing.hasYielded && releases.some((other) => other.desired === "running" && isRival(other, release)))
  );
}

/** Whether `successor` insists on running alone and came after `other` in the same environment; ids grow with time. */
function isRival(successor: KeeperRelease, other: KeeperRelease): boolean {
  return successor.exclusive === true && successor.environmentId === other.environmentId && successor.id > other.id;
}
