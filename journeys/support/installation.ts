import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAgentClient, type AgentClient } from "@cloudsmith/agent/src/client.ts";
import { readConnection } from "@cloudsmith/agent/src/compose/connection-file.ts";
import { pathsOf, type Paths } from "@cloudsmith/agent/src/paths.ts";
import { Connection, type Deployment, type Project, type SourceRef } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { freePorts, startGuarded, tempDir, waitFor, type GuardedProcess, type TempDir } from "@cloudsmith/testkit";
import { Follower } from "./follow.ts";
import { GatedApp } from "./gated-app.ts";
import { isAlive, killNow, processesOf, type FoundProcess } from "./processes.ts";

const agentMain = fileURLToPath(import.meta.resolve("@cloudsmith/agent/src/main.ts"));
const reaper = fileURLToPath(new URL("reaper.ts", import.meta.url));

export interface InstallationOptions {
  /** Builds at once. */
  readonly builds?: number;
  /** A folder of the installation that is to be a small file system of its own. */
  readonly smallDisk?: { readonly part: SmallPart; readonly mb: number };
  /** Address of the GitHub double that its accounts are at. */
  readonly github?: string;
}

export type SmallPart = "blobs" | "work" | "logs" | "secrets" | "keeper" | "apps";

/** A whole CloudSmith of its own: data folder, ports, agent and keeper. However the test ends, all of it ends too. */
export class Installation implements AsyncDisposable {
  readonly root: TempDir;
  readonly paths: Paths;
  readonly agentPort: number;
  readonly proxyPort: number;
  readonly #builds: number;
  readonly #smallDisk: InstallationOptions["smallDisk"];
  readonly #github: string | undefined;
  readonly #reaper: ChildProcess;
  #agent: GuardedProcess | undefined;
  #client: AgentClient | undefined;

  private constructor(root: TempDir, [agentPort = 0, proxyPort = 0]: number[], options: InstallationOptions) {
    this.root = root;
    this.paths = pathsOf(root.file("data"));
    this.agentPort = agentPort;
    this.proxyPort = proxyPort;
    this.#builds = options.builds ?? 2;
    this.#smallDisk = options.smallDisk;
    this.#github = options.github;
    mkdirSync(this.paths.home, { recursive: true, mode: 0o700 });
    // In a group of its own: what ends the test with its group must not end what cleans up after it.
    this.#reaper = spawn(process.execPath, [reaper, root.path], {
      stdio: ["pipe", "ignore", "inherit"],
      detached: true,
    });
  }

  /** Makes one and starts its agent. */
  static async start(options: InstallationOptions = {}): Promise<Installation> {
    const installation = await Installation.make(options);
    await installation.startAgent();
    return installation;
  }

  /** Makes one whose agent is not started. */
  static async make(options: InstallationOptions = {}): Promise<Installation> {
    return new Installation(await tempDir("cloudsmith-chaos-"), await freePorts(2), options);
  }

  /** A client of the agent that runs now, or ran last: it answers again after a restart, on the same port. */
  get client(): AgentClient {
    if (this.#client === undefined) throw new Error("The agent was never started");
    return this.#client;
  }

  app(name: string, options: ConstructorParameters<typeof GatedApp>[2] = {}): GatedApp {
    return new GatedApp(this.root.path, name, options);
  }

  /** The arguments of this installation's agent. */
  agentArguments(): string[] {
    const flags = ["--data", this.paths.home, "--port", String(this.agentPort), "--proxy-port", String(this.proxyPort)];
    return ["--disable-warning=ExperimentalWarning", agentMain, ...flags, "--builds", String(this.#builds)];
  }

  /** Starts the agent and waits until it answers. */
  async startAgent(): Promise<void> {
    const [command = "", ...args] = this.#withSmallDisk([process.execPath, ...this.agentArguments()]);
    const env = { ...process.env, ...(this.#github !== undefined && { CLOUDSMITH_GITHUB_URL: this.#github }) };
    const agent = startGuarded(command, args, { log: this.paths.agentLog, env });
    this.#agent = agent;
    await waitFor("the agent to answer", async () => agent.ended || (await this.#isUp()), { timeoutMs: 30_000 });
    if (agent.ended) throw new Error(`The agent did not start:\n${this.agentLog().slice(-3000)}`);
    const connection = await readConnection(this.paths.connection);
    if (connection === undefined) throw new Error("The agent left no connection file");
    this.#client = createAgentClient(connection);
  }

  /** A mount in a namespace of the agent's own needs no rights of an administrator (user_namespaces(7)). */
  #withSmallDisk(argv: readonly string[]): readonly string[] {
    if (this.#smallDisk === undefined) return argv;
    const { part, mb } = this.#smallDisk;
    mkdirSync(this.paths[part], { recursive: true, mode: 0o700 });
    const mount = 'mount -t tmpfs -o "size=$1,mode=700" tmpfs "$2" && shift 2 && exec "$@"';
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh", `${mb}m`, this.paths[part], ...argv];
  }

  /** A path of the data folder as the agent sees it: what is mounted there is in its namespace only. */
  #inside(path: string): string {
    return this.#smallDisk === undefined ? path : `/proc/${this.#agentPidNow()}/root${path}`;
  }

  /** Leaves not a byte on the small disk; `freeDisk` gives it back. */
  async fillDisk(): Promise<void> {
    const file = await open(this.#ballast(), "a");
    try {
      for (let size = 1024 * 1024; size >= 1;) {
        const written = await file.write(Buffer.alloc(size)).catch(() => undefined);
        if (written === undefined || written.bytesWritten < size) size = Math.floor(size / 16);
      }
    } finally {
      await file.close();
    }
  }

  freeDisk(): void {
    rmSync(this.#ballast());
  }

  #ballast(): string {
    if (this.#smallDisk === undefined) throw new Error("It has no small disk");
    return join(this.#inside(this.paths[this.#smallDisk.part]), "ballast");
  }

  /** Runs an agent that is expected to refuse to start; gives its exit code and what it said. */
  async tryAgent(args: readonly string[] = this.agentArguments()): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    clearTimeout(timer);
    return { code, output };
  }

  async #isUp(): Promise<boolean> {
    const connection = await readConnection(this.paths.connection);
    if (connection === undefined || !isAlive(connection.pid)) return false;
    const response = await fetch(`${connection.url}/api/system/info`, { signal: AbortSignal.timeout(2000) });
    const info: unknown = await response.json();
    return typeof info === "object" && info !== null && "pid" in info && info.pid === connection.pid;
  }

  async agentPid(): Promise<number> {
    const connection = await readConnection(this.paths.connection);
    if (connection === undefined) throw new Error("No agent has run");
    return connection.pid;
  }

  #agentPidNow(): number {
    return Connection.parse(JSON.parse(readFileSync(this.paths.connection, "utf8"))).pid;
  }

  keeperPid(): number {
    const text = readFileSync(this.#inside(`${this.paths.keeper}/keeper.pid`), "utf8");
    const pid: unknown = Reflect.get(Object(JSON.parse(text)), "pid");
    if (typeof pid !== "number") throw new Error(`keeper.pid holds ${text}`);
    return pid;
  }

  agentLog(): string {
    return readFileSync(this.paths.agentLog, "utf8");
  }

  async killAgent(): Promise<void> {
    killNow(await this.agentPid());
    await this.#agent?.exited;
  }

  /** SIGKILLs the keeper that runs now; the agent, where one runs, starts another. */
  async killKeeper(): Promise<void> {
    const pid = this.keeperPid();
    killNow(pid);
    await waitFor("the keeper to be gone", () => !isAlive(pid));
  }

  /** Resolves when a keeper other than `old` runs and answers the agent. */
  async keeperBack(old: number): Promise<void> {
    await waitFor("another keeper", () => this.keeperPid() !== old && isAlive(this.keeperPid()), { timeoutMs: 20_000 });
  }

  /** Stops the agent as `cloudsmith agent stop` does; the apps go on. */
  async stopAgent(): Promise<void> {
    process.kill(await this.agentPid(), "SIGTERM");
    await this.#agent?.exited;
  }

  /** Sends a signal to the apps of all releases, or of one. */
  killApps(release?: string): void {
    for (const found of this.processes()) {
      if (found.release !== undefined && (release === undefined || found.release === release)) killNow(found.pid);
    }
  }

  /** Everything that runs on behalf of this installation. */
  processes(): FoundProcess[] {
    return processesOf(this.root.path).filter((found) => found.pid !== this.#reaper.pid);
  }

  /** What neither is the agent or the keeper, nor was started by them, nor is an app: work whose agent was killed. */
  async orphans(): Promise<FoundProcess[]> {
    const found = this.processes();
    const known = new Set([await this.agentPid(), this.keeperPid()]);
    for (let size = 0; size !== known.size;) {
      size = known.size;
      for (const { pid, parent } of found) if (known.has(parent)) known.add(pid);
    }
    return found.filter(
      (each) => !known.has(each.pid) && each.release === undefined && !each.argv.includes("guard-process.ts"),
    );
  }

  async project(app: Pick<GatedApp, "name" | "folder">, source?: SourceRef): Promise<Project> {
    const { project } = await this.client.projects.ensure({
      source: source ?? { type: "folder", path: app.folder, dir: "" },
      name: app.name,
    });
    return project.project;
  }

  /** Asks for a deployment and follows it from its first entry. */
  async deploy(project: string): Promise<Follower> {
    return this.follow(await this.client.deployments.create({ project, environment: "production" }));
  }

  follow(deployment: Deployment): Follower {
    return new Follower(this.client, deployment);
  }

  /** Makes the project of an app, deploys it and waits until it has settled. */
  async deployAndFollow(app: GatedApp): Promise<Deployment> {
    await this.project(app);
    await using follower = await this.deploy(app.name);
    return await follower.settled();
  }

  environment(project: string): Promise<EnvironmentView> {
    return this.client.environments.get({ project, environment: "production" });
  }

  /** The plain address of a live project, once it is routed to. */
  async address(project: string): Promise<string> {
    return waitFor(`${project} to have an address`, async () => (await this.environment(project)).plainUrl);
  }

  /** Files and folders below the agent's work folder that belong to work which has ended. */
  leftovers(): string[] {
    const listed = (dir: string): string[] => {
      try {
        return readdirSync(dir, { recursive: true, encoding: "utf8" });
      } catch {
        return [];
      }
    };
    return listed(this.#inside(this.paths.work)).filter((name) => !/^(?:builds|sources|plans|ballast)$/.test(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#reaper.once("exit", resolve));
    this.#reaper.stdin?.end();
    await gone;
    await this.#agent?.stop();
    await this.root[Symbol.asyncDispose]();
  }
}
