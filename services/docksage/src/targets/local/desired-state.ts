import { runtimeFor } from "@cloudsmith/builder";
import { CloudSmithError, type Environment, type Release } from "@cloudsmith/contracts";
import type { SecretStore } from "@cloudsmith/secrets";
import type { Stored, SystemStore } from "@cloudsmith/store";
import { delimiter, join, sep } from "node:path";
import { currentReleases, currentReleasesOf, environmentsOf } from "../../listing.ts";
import { releaseParts } from "../../release-parts.ts";
import type { EnvironmentKey, ReleaseParts } from "../target.ts";
import type { KeeperRelease, KeeperRoute, PersistentFolder } from "./protocol.ts";
import type { ReleaseFolders } from "./release-folders.ts";

export interface DesiredInputs {
  readonly store: SystemStore;
  readonly secrets: SecretStore;
  readonly folders: ReleaseFolders;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** One environment as it was read last, and what follows from that. */
interface Seen {
  /** Versions of the records that it follows from. */
  readonly signature: string;
  readonly current: readonly Release[];
  readonly wanted: readonly KeeperRelease[];
  /** Should run, and their parts could not be read: one that runs already must not be stopped for that. */
  readonly keep: readonly string[];
  readonly route: KeeperRoute;
  /** What the keeper is told, to see whether it changed. */
  readonly text: string;
}

/**
 * What the keeper should run and route: live releases of environments that are not stopped, and candidates that are prepared. Read from the store, one environment
 * at a time where it is known which one changed.
 */
export class DesiredState {
  readonly #inputs: DesiredInputs;
  readonly #seen = new Map<string, Seen>();
  /** What a release needs to run never changes while it lives, so it is worked out once. */
  readonly #known = new Map<string, KeeperRelease>();

  constructor(inputs: DesiredInputs) {
    this.#inputs = inputs;
  }

  /** Reads everything. Returns whether anything is wanted otherwise than before. */
  async readAll(): Promise<boolean> {
    const { store } = this.#inputs;
    // Releases first: one that goes live in between was read as a candidate, and its predecessor runs on until the next look.
    const current = new Map<string, Stored<"release">[]>();
    for await (const release of currentReleases(store)) {
      const ofEnvironment = current.get(release.value.environmentId);
      if (ofEnvironment === undefined) current.set(release.value.environmentId, [release]);
      else ofEnvironment.push(release);
    }
    const there = new Set<string>();
    let changed = false;
    for await (const environment of environmentsOf(store, "local")) {
      there.add(environment.value.id);
      if (await this.#see(environment, current.get(environment.value.id) ?? [])) changed = true;
    }
    for (const id of this.#seen.keys()) if (!there.has(id) && this.#forget(id)) changed = true;
    return changed;
  }

  /** Reads one environment. Returns whether anything of it is wanted otherwise than before. */
  async read(key: EnvironmentKey): Promise<boolean> {
    const { store } = this.#inputs;
    const releases = await currentReleasesOf(store, key.id);
    const environment = await store.get("environment", key);
    return environment === undefined ? this.#forget(key.id) : this.#see(environment, releases);
  }

  get releases(): KeeperRelease[] {
    return [...this.#seen.values()].flatMap(({ wanted }) => wanted);
  }

  get routes(): KeeperRoute[] {
    return [...this.#seen.values()].map(({ route }) => route);
  }

  get keep(): string[] {
    return [...this.#seen.values()].flatMap(({ keep }) => keep);
  }

  /** Environments whose releases could not be read; they may be now. */
  get unread(): EnvironmentKey[] {
    return [...this.#seen.values()].flatMap(({ keep, current: [first] }) =>
      keep.length === 0 || first === undefined ? [] : [{ teamId: first.teamId, id: first.environmentId }],
    );
  }

  /** The current releases of each environment that has any, with what tells whether they are the same as before. */
  *environments(): Generator<{ readonly signature: string; readonly current: readonly Release[] }> {
    for (const { signature, current } of this.#seen.values()) if (current.length > 0) yield { signature, current };
  }

  /** Programs and folders of programs that the releases need, also one that is down at this moment. */
  programs(): string[] {
    return [...this.#known.values()].flatMap(({ run }) =>
      run.type === "static" ? [] : [run.argv[0] ?? "", ...(run.env["PATH"] ?? "").split(delimiter)],
    );
  }

  async #see(environment: Stored<"environment">, releases: readonly Stored<"release">[]): Promise<boolean> {
    const { id } = environment.value;
    const before = this.#seen.get(id);
    const signature = [environment.version, ...releases.map(({ value, version }) => `${value.id}:${version}`)].join(
      " ",
    );
    if (before?.signature === signature && before.keep.length === 0) return false;
    const current = releases.map(({ value }) => value);
    const wanted: KeeperRelease[] = [];
    const keep: string[] = [];
    for (const release of current) {
      const isStopped = environment.value.desired === "stopped" && environment.value.live?.releaseId === release.id;
      if (release.desired === "stopped" || !release.prepared || isStopped) continue;
      const spec = await this.#spec(release);
      if (spec === undefined) keep.push(release.id);
      else wanted.push({ ...spec, exclusive: release.exclusive });
    }
    for (const gone of before?.current ?? [])
      if (!current.some((release) => release.id === gone.id)) this.#known.delete(gone.id);
    const route = routeOf(environment.value, new Set([...wanted.map((each) => each.id), ...keep]));
    const text = JSON.stringify([wanted, keep, route]);
    this.#seen.set(id, { signature, current, wanted, keep, route, text });
    return text !== before?.text;
  }

  #forget(environmentId: string): boolean {
    for (const { id } of this.#seen.get(environmentId)?.current ?? []) this.#known.delete(id);
    return this.#seen.delete(environmentId);
  }

  async #spec(release: Release): Promise<KeeperRelease | undefined> {
    const known = this.#known.get(release.id);
    if (known !== undefined) return known;
    try {
      const { store, secrets, folders, signal } = this.#inputs;
      const parts = await releaseParts(store, secrets, release);
      // A disk that was cleaned, or a store that was restored from a backup.
      if (!(await folders.isReady(release.id))) await folders.prepare(release, signal);
      const spec = await keeperRelease(parts, folders, this.#inputs.cacheDir, signal);
      this.#known.set(release.id, spec);
      return spec;
    } catch (error) {
      // One release that cannot be brought up must not keep the others down.
      this.#inputs.onError(error);
      return undefined;
    }
  }
}

function routeOf(environment: Environment, running: ReadonlySet<string>): KeeperRoute {
  const releaseId =
    environment.desired === "running" && environment.live !== null && running.has(environment.live.releaseId)
      ? environment.live.releaseId
      : null;
  const state =
    releaseId !== null
      ? "live"
      : environment.live !== null || environment.desired === "stopped"
        ? "stopped"
        : "deploying";
  return { environmentId: environment.id, host: environment.host, releaseId, plainPort: null, state };
}

/** A release as the keeper is told of it. */
export async function keeperRelease(
  parts: ReleaseParts,
  folders: ReleaseFolders,
  cacheDir: string,
  signal: AbortSignal,
): Promise<KeeperRelease> {
  const { release, manifest } = parts;
  const { app, home, temp } = folders.of(release.id);
  const persist = persistentFolder(parts, folders);
  const persistDir = persist === undefined ? {} : { persistDir: persist.dir };
  const runtime = await runtimeFor(manifest, { cacheDir, appRoot: app, signal, ...persistDir });
  return {
    id: release.id,
    teamId: release.teamId,
    projectId: release.projectId,
    environmentId: release.environmentId,
    desired: "running",
    run:
      "static" in runtime
        ? { type: "static", ...runtime.static }
        : {
            type: "process",
            argv: runtime.argv,
            cwd: runtime.cwd,
            env: { ...runtime.env, ...parts.env },
            portHint: manifest.plan.port,
          },
    homeDir: home,
    tempDir: temp,
    health: manifest.plan.health,
    limits: { memoryMb: parts.memoryMb },
    secrets: [...parts.secretValues],
    ...(persist !== undefined && { persist }),
  };
}

/** Where the folder that survives redeploys is seen by the app, and where it is. */
export function persistentFolder(parts: ReleaseParts, folders: ReleaseFolders): PersistentFolder | undefined {
  if (parts.persist === null) return undefined;
  const { release, manifest } = parts;
  const { app } = folders.of(release.id);
  const link = join(app, manifest.plan.appDir, parts.persist);
  // What stands at the link gives way to it: a path out of the release, however it came here, must never be one.
  if (!link.startsWith(app + sep))
    throw new CloudSmithError(
      "invalid-input",
      `The persistent folder ${parts.persist} is not inside the app's folder`,
      {
        fix: "Name a folder inside the app's (persist in cloudsmith.json)",
      },
    );
  return {
    link,
    dir: join(folders.persistent(release.environmentId), "data"),
  };
}
