import { runtimeFor } from "@cloudsmith/builder";
import type { Environment, Release } from "@cloudsmith/contracts";
import type { SecretStore } from "@cloudsmith/secrets";
import type { SystemStore } from "@cloudsmith/store";
import { delimiter, join } from "node:path";
import { releaseParts } from "../../release-parts.ts";
import type { ReleaseParts } from "../target.ts";
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

/** Reads from the store what the keeper should run and route: live releases of environments that are not stopped, and candidates that are prepared. */
export class DesiredState {
  readonly #inputs: DesiredInputs;
  /** What a release needs to run never changes while it lives, so it is worked out once. */
  readonly #known = new Map<string, KeeperRelease>();

  constructor(inputs: DesiredInputs) {
    this.#inputs = inputs;
  }

  /** `keep` names those that should run and whose parts cannot be read now: one that runs already must not be stopped for that. */
  async read(): Promise<{ releases: KeeperRelease[]; keep: string[]; routes: KeeperRoute[]; all: Release[] }> {
    const environments = await this.#environments();
    const releases = await this.#releases();
    const wanted: KeeperRelease[] = [];
    const keep: string[] = [];
    for (const release of releases) {
      const environment = environments.get(release.environmentId);
      if (environment === undefined || release.desired === "stopped" || !release.prepared) continue;
      const isLive = environment.live?.releaseId === release.id;
      if (isLive && environment.desired === "stopped") continue;
      const spec = await this.#spec(release);
      if (spec === undefined) keep.push(release.id);
      else wanted.push({ ...spec, exclusive: release.exclusive });
    }
    const ids = new Set([...wanted.map((each) => each.id), ...keep]);
    for (const id of this.#known.keys()) if (!releases.some((release) => release.id === id)) this.#known.delete(id);
    return {
      releases: wanted,
      keep,
      routes: [...environments.values()].map((each) => routeOf(each, ids)),
      all: releases,
    };
  }

  /** Programs and folders of programs that the releases need, also one that is down at this moment. */
  programs(): string[] {
    return [...this.#known.values()].flatMap(({ run }) =>
      run.type === "static" ? [] : [run.argv[0] ?? "", ...(run.env["PATH"] ?? "").split(delimiter)],
    );
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

  async #environments(): Promise<Map<string, Environment>> {
    const found = new Map<string, Environment>();
    for (let cursor: string | undefined; ;) {
      const page = await this.#inputs.store.scan(
        "environmentsOfTarget",
        { target: "local" },
        { limit: 1000, ...(cursor !== undefined && { cursor }) },
      );
      for (const { value } of page.items) found.set(value.id, value);
      if (page.cursor === undefined) return found;
      cursor = page.cursor;
    }
  }

  async #releases(): Promise<Release[]> {
    const found: Release[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.#inputs.store.scan(
        "currentReleases",
        {},
        { limit: 1000, ...(cursor !== undefined && { cursor }) },
      );
      found.push(...page.items.map((item) => item.value));
      if (page.cursor === undefined) return found;
      cursor = page.cursor;
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
  return {
    link: join(folders.of(release.id).app, manifest.plan.appDir, parts.persist),
    dir: join(folders.persistent(release.environmentId), "data"),
  };
}
