import { openFileBlobs, type BlobStore } from "@cloudsmith/blobs";
import { planSource, runBuild, takeSource, unpackSource } from "@cloudsmith/builder";
import { newId, type Build, type Deployment, type Environment, type Project, type Source } from "@cloudsmith/contracts";
import {
  moveDeployment,
  newJob,
  requestDeployment,
  retryOnConflict,
  type DeploymentRequest,
} from "@cloudsmith/deployments";
import { newEvent, openEmbeddedBus, startRelay, type EventBus } from "@cloudsmith/events";
import { openFileLogs, type LogStore } from "@cloudsmith/logs";
import { keyFile, openFileSecrets, type SecretStore } from "@cloudsmith/secrets";
import { openSqliteStore, type SystemStore } from "@cloudsmith/store";
import { freePort, tempDir, waitFor, type TempDir } from "@cloudsmith/testkit";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startDocksage } from "../docksage.ts";
import { connectKeeper } from "../targets/local/keeper-client.ts";
import { LocalTarget } from "../targets/local/local-target.ts";

/** Node apps of tests end with the test, also when their keeper was killed. */
const prelude = `setInterval(() => { try { process.kill(${process.pid}, 0) } catch { process.exit() } }, 250).unref();\n`;
const guardedKeeper = join(import.meta.dirname, "..", "targets/local/keeper/testing/guarded-keeper.ts");

export type Files = Readonly<Record<string, string>>;

/** Files of a Node app whose `server.mjs` is given; `settings` is its `cloudsmith.json`. */
export function nodeApp(server: string, settings: object = {}, more: Files = {}): Files {
  return {
    "package.json": JSON.stringify({ name: "app", type: "module", scripts: { start: "node server.mjs" } }),
    "cloudsmith.json": JSON.stringify(settings),
    "server.mjs": prelude + server,
    ...more,
  };
}

/** A server that answers every request with a status and a text. */
export function answering(text: string, status = 200, port = "process.env.PORT"): string {
  return `import { createServer } from "node:http";
createServer((_q, s) => { s.statusCode = ${status}; s.end(${JSON.stringify(text)}); }).listen(${port}, "127.0.0.1");`;
}

/** A whole installation on a temporary folder with a real keeper: docksage runs, what buildrelay would do is done by `build`. */
export class Installation implements AsyncDisposable {
  readonly stop = new AbortController();
  readonly errors: unknown[] = [];
  readonly dir: TempDir;
  readonly store: SystemStore;
  readonly bus: EventBus;
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  readonly secrets: SecretStore;
  readonly target: LocalTarget;
  readonly teamId = newId("team");
  readonly #port: number;
  #running: Promise<unknown>[] = [];

  private constructor(dir: TempDir, port: number) {
    this.dir = dir;
    this.#port = port;
    this.store = openSqliteStore({ file: dir.file("store.sqlite") });
    this.bus = openEmbeddedBus({ file: dir.file("events.sqlite") });
    this.blobs = openFileBlobs({ dir: dir.file("blobs") });
    this.logs = openFileLogs({ dir: dir.file("logs") });
    this.secrets = openFileSecrets({ dir: dir.file("secrets"), keyProvider: keyFile(dir.file("key")) });
    this.target = new LocalTarget({
      store: this.store,
      secrets: this.secrets,
      blobs: this.blobs,
      dir: dir.file("apps"),
      cacheDir: dir.file("cache"),
      signal: this.stop.signal,
      onError: (error) => this.errors.push(error),
      connectKeeper: (signal) => this.connectKeeper(signal),
    });
  }

  static async start(options: { releaseCommandSeconds?: number } = {}): Promise<Installation> {
    const dir = await tempDir();
    const installation = new Installation(dir, await freePort());
    await installation.#start(options);
    return installation;
  }

  connectKeeper(signal: AbortSignal) {
    return connectKeeper({
      dataDir: this.dir.path,
      command: [process.execPath, "--disable-warning=ExperimentalWarning", guardedKeeper],
      env: { PATH: process.env["PATH"], CLOUDSMITH_TEST_PID: String(process.pid) },
      proxyPort: this.#port,
      signal,
    });
  }

  async #start(options: { releaseCommandSeconds?: number }): Promise<void> {
    const { store, bus, blobs, logs, secrets, target } = this;
    const { signal } = this.stop;
    const onError = (error: unknown): void => void this.errors.push(error);
    const docksage = await startDocksage({
      store,
      bus,
      blobs,
      logs,
      secrets,
      target,
      signal,
      onError,
      ...options,
      owner: "test",
      now: () => new Date(),
      reconcileMs: 200,
    });
    this.#running = [docksage.stopped, startRelay({ outbox: store.outbox, bus, signal, onError }), target.stopped()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.target.keeper()).shutdown();
    this.stop.abort();
    await Promise.allSettled(this.#running);
    await this.bus.close();
    await this.store.close();
    await this.dir[Symbol.asyncDispose]();
  }

  async project(name: string): Promise<{ project: Project; environment: Environment }> {
    const createdAt = new Date().toISOString();
    const project: Project = {
      id: newId("project"),
      teamId: this.teamId,
      name,
      source: { type: "folder", path: this.dir.path, dir: "" },
      settings: {},
      credential: null,
      state: "active",
      createdAt,
    };
    const environment: Environment = {
      id: newId("environment"),
      teamId: this.teamId,
      projectId: project.id,
      name: "production",
      host: name,
      target: "local",
      sequence: 0,
      live: null,
      desired: "running",
      automaticDeployments: "on",
      variables: {},
      secrets: {},
      createdAt,
    };
    const claim = (scope: string, owner: string) => ({
      entity: "claim" as const,
      value: { teamId: this.teamId, scope, name, owner },
      if: "absent" as const,
    });
    await this.store.commit({
      puts: [
        { entity: "project", value: project, if: "absent" },
        { entity: "environment", value: environment, if: "absent" },
        claim("host", environment.id),
        claim("project-name", project.id),
      ],
    });
    return { project, environment };
  }

  /** Builds files with the real builder and writes down what buildrelay would. */
  async build(project: Project, files: Files): Promise<Build> {
    const { teamId, blobs } = this;
    const signal = AbortSignal.timeout(60_000);
    const workDir = this.dir.file("work");
    await mkdir(workDir, { recursive: true });
    const folder = await mkdtemp(join(workDir, "app-"));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const log = (): void => undefined;
    const taken = await takeSource({ type: "folder", path: folder, dir: "" }, { teamId, blobs, workDir, signal, log });
    const root = join(folder, ".unpacked");
    await unpackSource(taken.digest, { teamId, blobs, to: root, signal });
    const planned = await planSource({ root, dir: "" });
    if (!planned.ok) throw new Error(planned.failure.message);
    const built = await runBuild({
      teamId,
      blobs,
      workDir,
      signal,
      log,
      plan: planned.plan,
      source: taken.digest,
      env: {},
      secrets: [],
      cacheDir: this.dir.file("cache"),
      limits: { seconds: 60, memoryMb: 4096, diskMb: 8192, outputBytes: 1e7 },
    });
    if (!built.ok) throw new Error(`${built.failure.message}: ${built.failure.excerpt?.join("\n")}`);
    const at = new Date().toISOString();
    const source: Source = { ...taken, id: newId("source"), teamId, projectId: project.id, createdAt: at };
    const value: Build = {
      id: newId("build"),
      teamId,
      projectId: project.id,
      key: built.manifest.digest,
      sourceId: source.id,
      snapshotId: newId("snapshot"),
      plan: planned.plan,
      state: "succeeded",
      artifact: built.manifest.digest,
      manifest: built.manifest,
      failure: null,
      createdAt: at,
      startedAt: at,
      finishedAt: at,
    };
    await this.store.commit({
      puts: [
        { entity: "source", value: source, if: "absent" },
        { entity: "build", value, if: "absent" },
      ],
    });
    return value;
  }

  request(project: Project, environment: Environment, options: Partial<DeploymentRequest> = {}): Promise<Deployment> {
    const requestedBy = { type: "user" as const, id: "user_test", name: "Ada" };
    return requestDeployment(this.store, { project, environment, trigger: "manual", requestedBy, ...options });
  }

  /** Asks for a deployment of a build and hands it to docksage. */
  async release({ project, environment }: Owned, build: Build): Promise<string> {
    const { id } = await this.request(project, environment);
    await retryOnConflict(async () => {
      const stored = await this.store.get("deployment", { teamId: this.teamId, id });
      if (stored === undefined) throw new Error("it is gone");
      const change = moveDeployment(
        stored,
        { type: "advance", to: "releasing" },
        {
          now: new Date(),
          patch: { buildId: build.id, artifact: build.artifact, plan: build.plan },
          entry: { type: "build", message: "Built" },
          also: ["deployment.built"],
        },
      );
      await this.store.commit(change);
    });
    return id;
  }

  /** Builds and releases files, and waits until the deployment has settled. */
  async deploy(owned: Owned, files: Files): Promise<Deployment> {
    return this.settled(await this.release(owned, await this.build(owned.project, files)));
  }

  async deployment(id: string): Promise<Deployment> {
    const stored = await this.store.get("deployment", { teamId: this.teamId, id });
    if (stored === undefined) throw new Error("it is gone");
    return stored.value;
  }

  settled(id: string): Promise<Deployment> {
    return waitFor(
      "the deployment to settle",
      async () => {
        const deployment = await this.deployment(id);
        return deployment.settledAt === null ? undefined : deployment;
      },
      { timeoutMs: 40_000 },
    );
  }

  async environment(owned: Owned): Promise<Environment> {
    const stored = await this.store.get("environment", { teamId: this.teamId, id: owned.environment.id });
    if (stored === undefined) throw new Error("it is gone");
    return stored.value;
  }

  /** Changes an environment as the API does. */
  async change(owned: Owned, change: Partial<Environment>): Promise<void> {
    const { id: environmentId, teamId, projectId } = owned.environment;
    await retryOnConflict(async () => {
      const stored = await this.store.get("environment", { teamId, id: environmentId });
      if (stored === undefined) throw new Error("it is gone");
      const { value, version } = stored;
      const event = newEvent(
        "environment.changed",
        { teamId, projectId, environmentId, version: version + 1 },
        { partitionkey: environmentId },
      );
      await this.store.commit({
        puts: [{ entity: "environment", value: { ...value, ...change }, if: { version } }],
        events: [event],
      });
    });
  }

  async destroy({ project }: Owned): Promise<void> {
    const { teamId, id } = project;
    await this.store.commit({
      puts: [
        { entity: "project", value: { ...project, state: "destroying" }, if: "present" },
        newJob({ queue: "destroy", subject: id, teamId, projectId: id, now: new Date() }),
      ],
      events: [newEvent("project.changed", { teamId, projectId: id }, { partitionkey: id })],
    });
    await waitFor(
      "the project to be gone",
      async () => (await this.store.get("project", { teamId, id })) === undefined,
      { timeoutMs: 20_000 },
    );
  }

  /** What an app answers through the proxy: status and text. */
  async ask(owned: Owned, path = "/"): Promise<string> {
    const status = await (await this.target.keeper()).status();
    const route = status.routes.find((each) => each.environmentId === owned.environment.id);
    if (route === undefined) return "no route";
    const response = await fetch(`${route.plainUrl}${path}`, { headers: { connection: "close" } });
    return `${response.status} ${await response.text()}`;
  }

  /** Waits until an app answers so. */
  async answers(owned: Owned, wanted: string): Promise<void> {
    await waitFor(`the answer ${wanted}`, async () => (await this.ask(owned)) === wanted, { timeoutMs: 20_000 });
  }
}

export interface Owned {
  readonly project: Project;
  readonly environment: Environment;
}
