import { openFileBlobs, type BlobStore } from "@cloudsmith/blobs";
import { CloudSmithError, newId, type Deployment, type Environment, type Project } from "@cloudsmith/contracts";
import { requestDeployment, type DeploymentRequest } from "@cloudsmith/deployments";
import { openEmbeddedBus, startRelay, type EventBus } from "@cloudsmith/events";
import { GitHubAccess } from "@cloudsmith/github";
import { openFileLogs, type LogStore } from "@cloudsmith/logs";
import { keyFile, openFileSecrets, type SecretStore } from "@cloudsmith/secrets";
import { openSqliteStore, type SystemStore } from "@cloudsmith/store";
import { tempDir, waitFor, type TempDir } from "@cloudsmith/testkit";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startBuildrelay } from "../buildrelay.ts";
import { localRunner } from "../runners/local.ts";

export type Files = Readonly<Record<string, string>>;

/** A Node app without dependencies whose `build.mjs` is given. */
export function nodeApp(build: string, settings: object = {}): Files {
  return {
    "package.json": JSON.stringify({ name: "app", type: "module", scripts: { start: "node server.mjs" } }),
    "cloudsmith.json": JSON.stringify({ build: "node build.mjs", ...settings }),
    "server.mjs": "process.exit(0);",
    "build.mjs": build,
  };
}

/** One buildrelay process as the store sees it: after `kill` nothing of it reaches the store any more. */
export interface Relay {
  kill(): Promise<void>;
}

/** Everything that buildrelay works with, for real, in a temporary folder. */
export class Workshop implements AsyncDisposable {
  readonly stop = new AbortController();
  readonly errors: unknown[] = [];
  readonly dir: TempDir;
  readonly store: SystemStore;
  readonly bus: EventBus;
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  readonly secrets: SecretStore;
  readonly teamId = newId("team");
  readonly #ended: Promise<unknown>[] = [];

  private constructor(dir: TempDir) {
    this.dir = dir;
    this.store = openSqliteStore({ file: dir.file("store.sqlite") });
    this.bus = openEmbeddedBus({ file: dir.file("events.sqlite") });
    this.blobs = openFileBlobs({ dir: dir.file("blobs") });
    this.logs = openFileLogs({ dir: dir.file("logs") });
    this.secrets = openFileSecrets({ dir: dir.file("secrets"), keyProvider: keyFile(dir.file("key")) });
  }

  static async open(): Promise<Workshop> {
    const workshop = new Workshop(await tempDir());
    const { store, bus, stop } = workshop;
    workshop.#ended.push(
      startRelay({ outbox: store.outbox, bus, signal: stop.signal, onError: (error) => workshop.errors.push(error) }),
    );
    return workshop;
  }

  /** Starts buildrelay; `ahead` seconds put its clock forward, past the leases of one that was killed. */
  async start(name = "one", ahead = 0): Promise<Relay> {
    const { bus, blobs, logs, secrets, dir } = this;
    const death = new AbortController();
    const signal = AbortSignal.any([this.stop.signal, death.signal]);
    const { stopped } = await startBuildrelay({
      bus,
      blobs,
      logs,
      secrets,
      signal,
      store: until(this.store, death.signal),
      github: new GitHubAccess({ store: this.store, secrets, now: () => new Date() }),
      runner: localRunner({ blobs, workDir: dir.file("builds"), cacheDir: dir.file("cache") }),
      workDir: dir.file(`sources-${name}`),
      cacheDir: dir.file("cache"),
      owner: name,
      builds: 2,
      reconcileMs: 200,
      now: () => new Date(Date.now() + ahead * 1000),
      onError: (error) => this.errors.push(error),
    });
    this.#ended.push(stopped);
    return {
      kill: async () => {
        death.abort();
        await stopped;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    await Promise.allSettled(this.#ended);
    await this.bus.close();
    await this.store.close();
    await this.dir[Symbol.asyncDispose]();
  }

  async project(name: string, files: Files): Promise<Project> {
    const path = this.dir.file("projects", name);
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), content);
    }
    await mkdir(path, { recursive: true });
    const project: Project = {
      id: newId("project"),
      teamId: this.teamId,
      name,
      source: { type: "folder", path, dir: "" },
      settings: {},
      credential: null,
      state: "active",
      createdAt: new Date().toISOString(),
    };
    await this.store.commit({ puts: [{ entity: "project", value: project, if: "absent" }] });
    return project;
  }

  async environment(project: Project, name = "production", change: Partial<Environment> = {}): Promise<Environment> {
    const environment: Environment = {
      id: newId("environment"),
      teamId: this.teamId,
      projectId: project.id,
      name,
      host: `${project.name}-${name}`,
      target: "local",
      sequence: 0,
      live: null,
      desired: "running",
      automaticDeployments: "on",
      variables: {},
      secrets: {},
      createdAt: project.createdAt,
      ...change,
    };
    await this.store.commit({ puts: [{ entity: "environment", value: environment, if: "absent" }] });
    return environment;
  }

  request(project: Project, environment: Environment, more: Partial<DeploymentRequest> = {}): Promise<Deployment> {
    const requestedBy = { type: "user" as const, id: "user_test", name: "Ada" };
    return requestDeployment(this.store, { project, environment, trigger: "manual", requestedBy, ...more });
  }

  async deployment(id: string): Promise<Deployment> {
    const stored = await this.store.get("deployment", { teamId: this.teamId, id });
    if (stored === undefined) throw new Error("it is gone");
    return stored.value;
  }

  until(id: string, state: Deployment["state"]): Promise<Deployment> {
    return waitFor(
      `the deployment to be ${state}`,
      async () => {
        const deployment = await this.deployment(id);
        if (deployment.state === "failed" && state !== "failed") return deployment;
        return deployment.state === state ? deployment : undefined;
      },
      { timeoutMs: 25_000 },
    );
  }

  async isEnded(log: string): Promise<boolean> {
    return (await this.logs.read({ teamId: this.teamId, id: log }, { limit: 1 })).ended;
  }
}

/** A store that a process reaches until its death. */
function until(store: SystemStore, death: AbortSignal): SystemStore {
  return {
    get: store.get.bind(store),
    list: store.list.bind(store),
    scan: store.scan.bind(store),
    outbox: store.outbox,
    close: () => store.close(),
    commit: (commit) =>
      death.aborted ? Promise.reject(new CloudSmithError("internal", "the process is dead")) : store.commit(commit),
  };
}
