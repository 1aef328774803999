import { hostPlatform, runCommand, runtimeFor } from "@cloudsmith/builder";
import type { BlobStore } from "@cloudsmith/blobs";
import { CloudSmithError, type Platform, type Release } from "@cloudsmith/contracts";
import type { SecretStore } from "@cloudsmith/secrets";
import type { SystemStore } from "@cloudsmith/store";
import { rm } from "node:fs/promises";
import { request } from "node:http";
import type { EnvironmentKey, Observation, ProbeAnswer, ReleaseParts, Target } from "../target.ts";
import { DesiredState, persistentFolder } from "./desired-state.ts";
import { Due, type DueWork } from "./due.ts";
import { linkPersistentFolder } from "./keeper/persistent-folder.ts";
import type { Keeper } from "./keeper-client.ts";
import { KeeperLink } from "./keeper-link.ts";
import type { ObservedRelease } from "./protocol.ts";
import { ReleaseFolders } from "./release-folders.ts";

export interface LocalTargetOptions {
  readonly store: SystemStore;
  readonly secrets: SecretStore;
  readonly blobs: BlobStore;
  /** Root of the release and persistent folders. */
  readonly dir: string;
  /** The builder's cache, for run-time toolchains. */
  readonly cacheDir: string;
  readonly connectKeeper: (signal: AbortSignal) => Promise<Keeper>;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Releases kept unpacked per environment, so that a rollback need not unpack. */
const keptReleases = 3;

interface KeptRelease {
  readonly id: string;
  readonly artifact: string;
  /** Kept for its age; else because it still runs. */
  readonly isNewest: boolean;
}

/** Runs releases on this machine: processes and static sites under the keeper. */
export class LocalTarget implements Target {
  readonly name = "local";
  readonly #options: LocalTargetOptions;
  readonly #folders: ReleaseFolders;
  readonly #desired: DesiredState;
  readonly #link: KeeperLink;
  readonly #due = new Due();
  #generation = 0;
  /** The keeper was told of everything that is wanted. */
  #isApplied = false;
  #running: Promise<void> | undefined;
  /** What is kept unpacked of each environment, by the signature of what was read. */
  #kept = new Map<string, KeptRelease[]>();

  constructor(options: LocalTargetOptions) {
    this.#options = options;
    this.#folders = new ReleaseFolders({ ...options, root: options.dir });
    this.#desired = new DesiredState({ ...options, folders: this.#folders });
    this.#link = new KeeperLink({ connect: options.connectKeeper, signal: options.signal, onError: options.onError });
    this.#link.start(() => {
      this.#isApplied = false;
      this.converge().catch(options.onError);
    });
  }

  keeper(): Promise<Keeper> {
    return this.#link.keeper();
  }

  /** Whether the keeper answers now. */
  isLinked(): boolean {
    return this.#link.isLinked();
  }

  /** Programs that releases need, also one that is down at this moment. */
  programs(): string[] {
    return this.#desired.programs();
  }

  /** What each release uses, as last seen. */
  usage(): ReadonlyMap<string, { cpuPercent: number | null; memoryMb: number | null }> {
    return new Map(this.#link.status?.releases.map(({ id, cpuPercent, memoryMb }) => [id, { cpuPercent, memoryMb }]));
  }

  stopped(): Promise<void> {
    return this.#link.stopped();
  }

  async prepare({ release, manifest }: ReleaseParts, signal: AbortSignal): Promise<void> {
    checkPlatform(manifest.platform);
    try {
      await this.#folders.prepare(release, signal);
    } catch (error) {
      if (!(error instanceof CloudSmithError) || error.code !== "not-found") throw error;
      throw new CloudSmithError("artifact-missing", "What was built is gone", {
        why: "Its artifact is no longer stored",
        fix: "Deploy its source again",
        cause: error,
      });
    }
    // An interpreter that is gone from this machine is told now, and not by an app that never starts.
    const { app: appRoot } = this.#folders.of(release.id);
    await runtimeFor(manifest, { cacheDir: this.#options.cacheDir, appRoot, signal });
  }

  async runReleaseCommand(
    parts: ReleaseParts,
    _command: unknown,
    io: Parameters<Target["runReleaseCommand"]>[2],
  ): ReturnType<Target["runReleaseCommand"]> {
    const { app, home, temp } = this.#folders.of(parts.release.id);
    const runtime = await runtimeFor(parts.manifest, {
      cacheDir: this.#options.cacheDir,
      appRoot: app,
      signal: io.signal,
    });
    if ("static" in runtime || runtime.release === undefined)
      return { exit: { code: 0, signal: null }, timedOut: false };
    // A migration of a database in the persistent folder must meet the real one.
    const persist = persistentFolder(parts, this.#folders);
    if (persist !== undefined) await linkPersistentFolder(persist);
    return runCommand({
      argv: runtime.release.argv,
      cwd: runtime.release.cwd,
      env: { ...runtime.env, ...parts.env, HOME: home, TMPDIR: temp },
      log: io.log,
      signal: io.signal,
      seconds: io.seconds,
    });
  }

  /** One reading of the store at a time; a call during one makes a second one follow. */
  converge(environment?: EnvironmentKey): Promise<void> {
    this.#due.add(environment);
    this.#running ??= this.#convergeUntilQuiet();
    return this.#running;
  }

  async catchUp(): Promise<void> {
    for (const environment of this.#desired.unread) this.#due.add(environment);
    const isTold = this.#isApplied && this.#link.status?.generation != null;
    if (isTold && this.#due.isEmpty) return;
    this.#running ??= this.#convergeUntilQuiet();
    await this.#running;
  }

  async #convergeUntilQuiet(): Promise<void> {
    try {
      do await this.#convergeOnce(this.#due.take());
      while (!this.#due.isEmpty);
    } finally {
      // In the same turn as the last look at what is due: a call after it starts a run of its own.
      this.#running = undefined;
    }
  }

  async #convergeOnce(due: DueWork): Promise<void> {
    try {
      const changed = due.all ? [await this.#desired.readAll()] : [];
      for (const environment of due.some) changed.push(await this.#desired.read(environment));
      if (changed.includes(true)) this.#isApplied = false;
      if (!this.#isApplied || this.#link.status?.generation == null) await this.#apply();
    } catch (error) {
      this.#due.giveBack(due);
      throw error;
    }
    if (due.all) await this.#sweep();
  }

  async #apply(): Promise<void> {
    const { releases, keep, routes } = this.#desired;
    this.#generation = Math.max(this.#generation + 1, (this.#link.status?.generation ?? 0) + 1, Date.now());
    // Before it is told: whatever it forgets from here on is told again.
    this.#isApplied = true;
    try {
      await this.#link.apply({ generation: this.#generation, releases, keep, routes });
    } catch (error) {
      this.#isApplied = false;
      throw error;
    }
  }

  /** Folders of releases that retired long ago. */
  async #sweep(): Promise<void> {
    const running = new Set(this.#link.status?.releases.map((each) => each.id));
    const before = this.#kept;
    this.#kept = new Map();
    for (const { signature, current } of this.#desired.environments()) {
      const known = before.get(signature);
      const isSettled = known !== undefined && known.every((each) => each.isNewest || running.has(each.id));
      this.#kept.set(signature, isSettled ? known : await this.#keptOf(current, running));
    }
    await this.#folders.keepOnly([...this.#kept.values()].flat());
  }

  async #keptOf(current: readonly Release[], running: ReadonlySet<string>): Promise<KeptRelease[]> {
    const [first] = current;
    if (first === undefined) return [];
    const { teamId, environmentId } = first;
    const page = await this.#options.store.list(
      "releasesOfEnvironment",
      { teamId, environmentId },
      { limit: 20, order: "descending" },
    );
    const newest = new Set(
      [...current, ...page.items.slice(0, keptReleases).map(({ value }) => value)].map((each) => each.id),
    );
    return [...current, ...page.items.map(({ value }) => value)].flatMap(({ id, artifact }) =>
      newest.has(id) || running.has(id) ? [{ id, artifact, isNewest: newest.has(id) }] : [],
    );
  }

  isWatching(): boolean {
    return this.#link.isLinked() && this.#link.status?.generation != null;
  }

  observed(releaseId: string): Observation | undefined {
    const found = this.#link.release(releaseId);
    return found === undefined ? undefined : observationOf(found, this.#link.route(releaseId));
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#link.changed(signal);
  }

  async probe({ id, environmentId }: Release, path: string, signal: AbortSignal): Promise<ProbeAnswer | null> {
    const found = this.#link.release(id);
    if (found?.port == null) return null;
    const url = this.#link.status?.routes.find((each) => each.environmentId === environmentId)?.url;
    const hostHeader = found.allowedHost ?? (url === undefined ? "localhost" : new URL(url).host);
    const host = found.listening.find((each) => each.port === found.port)?.host === "::1" ? "::1" : "127.0.0.1";
    return answerOf({ host, port: found.port, path, hostHeader }, AbortSignal.any([signal, AbortSignal.timeout(5000)]));
  }

  async destroy(environmentId: string, releaseIds: readonly string[]): Promise<void> {
    await this.converge();
    await this.#untilStopped(new Set(releaseIds));
    await this.#folders.removeEnvironment(environmentId);
    for (const id of releaseIds) await rm(this.#folders.of(id).base, { recursive: true, force: true });
  }

  async #untilStopped(releaseIds: ReadonlySet<string>): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout(60_000)]);
    const running = (): boolean =>
      (this.#link.status?.releases ?? []).some((each) => releaseIds.has(each.id) && each.state !== "stopped");
    while (running()) {
      if (signal.aborted)
        throw new CloudSmithError("deadline-exceeded", "An app of the project did not stop", {
          why: "It still ran a minute after it was told to end",
          fix: "Try again: cloudsmith destroy",
        });
      await this.#link.changed(AbortSignal.any([signal, AbortSignal.timeout(1000)]));
    }
  }
}

/** An artifact with native parts runs only where it was built for. */
function checkPlatform(built: Platform): void {
  const here = hostPlatform();
  if (built.os === here.os && built.arch === here.arch && built.libc === here.libc) return;
  const text = ({ os, arch, libc }: Platform): string => `${os} ${arch} (${libc})`;
  throw new CloudSmithError("artifact-platform-mismatch", "This was built for another kind of machine", {
    why: `It was built for ${text(built)}, this machine is ${text(here)}`,
    fix: "Deploy again, so that it is built for this machine",
  });
}

function observationOf(found: ObservedRelease, route: { url: string; plainUrl: string } | undefined): Observation {
  const { id: releaseId, state, port, restarts, reason, exit, lastLines, listening, memoryMb, cpuPercent } = found;
  return {
    releaseId,
    state,
    port,
    restarts,
    reason,
    exit,
    lastLines,
    listening,
    memoryMb,
    cpuPercent,
    refusesItsHost: found.allowedHost !== null,
    portHeldBySibling: found.reason === "port-taken" && found.portTaken?.holder != null,
    url: route?.url ?? null,
    plainUrl: route?.plainUrl ?? null,
  };
}

/** Of an error page so many bytes are read. */
const mostBody = 8192;

function answerOf(
  { hostHeader, ...to }: { host: string; port: number; path: string; hostHeader: string },
  signal: AbortSignal,
): Promise<ProbeAnswer | null> {
  return new Promise((resolve) => {
    const headers = { host: hostHeader, "user-agent": "CloudSmith-Health/1" };
    const call = request({ ...to, method: "GET", signal, agent: false, headers }, (response) => {
      const status = response.statusCode ?? 0;
      let body = "";
      const settle = (): void => {
        resolve({ status, body });
        response.destroy();
      };
      if (status < 400) return settle();
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
        if (body.length >= mostBody) settle();
      });
      response.on("error", settle).on("end", settle);
    });
    call.on("error", () => resolve(null));
    call.end();
  });
}
