import { agentAlreadyRunning, CloudSmithError } from "@cloudsmith/contracts";
import { EventEmitter, once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { AgentProgram } from "./agent-program.ts";
import { endAgent, isAlive, reachAgent } from "./agent-reach.ts";
import type { AgentStatus } from "../../bridge.ts";
import type { AgentConnection } from "./connection.ts";
import { lastLogLines, readConnection } from "./installation.ts";
import { countEnd, restartPause } from "./restart-policy.ts";
import { spawnAgent, type SpawnedAgent } from "./spawn-agent.ts";
import { chooseByVersion } from "./version-choice.ts";

export interface SupervisorOptions {
  readonly home: string;
  readonly program: AgentProgram;
  readonly apiVersion: number;
  /** Whether nothing is being deployed, as far as is known. */
  readonly isIdle: () => boolean;
  /** The connection with the token that the app uses. */
  readonly signIn: (agent: AgentConnection) => Promise<AgentConnection>;
  /** Waits until no request that has to end with its agent is under way; bounded. */
  readonly drained: () => Promise<void>;
}

const startLimitMs = 20_000;
const lookMs = 500;
const logLines = 40;

/** How a running agent stopped being the one to use. */
type End =
  | { readonly type: "crashed"; readonly ranForMs: number }
  | { readonly type: "on-purpose" }
  | { readonly type: "replaced" };

/**
 * Keeps an agent running: finds the one that runs or starts a detached one, starts it again when it dies, and puts the one that came with
 * the app in place of an older one. It never ends the agent by itself otherwise.
 */
export class AgentSupervisor {
  readonly #options: SupervisorOptions;
  readonly #events = new EventEmitter().setMaxListeners(0);
  #status: AgentStatus = { state: "starting" };
  #current: AgentConnection | undefined;
  #closed = false;
  #ends = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get status(): AgentStatus {
    return this.#status;
  }

  /** The agent in use, where one answers right now. */
  get current(): AgentConnection | undefined {
    return this.#current;
  }

  onStatus(listener: (status: AgentStatus) => void): void {
    this.#events.on("status", listener);
  }

  /** Begins to watch; errors of the watching itself are bugs and reject. */
  async run(): Promise<void> {
    while (!this.#closed) {
      const found = await reachAgent(this.#options.home);
      const end = found === undefined ? await this.#start() : await this.#use(found);
      this.#current = undefined;
      if (this.#closed) return;
      if (end?.type === "on-purpose") await this.#rest({ state: "stopped" });
      if (end?.type === "crashed") await this.#pause(end.ranForMs);
    }
  }

  /** Stops watching; the agent goes on. */
  close(): void {
    this.#closed = true;
    this.#events.emit("wake");
  }

  /** A person wants it to be tried again now. */
  retry(): void {
    this.#ends = 0;
    this.#events.emit("wake");
  }

  /** Somebody could not reach this agent: look now instead of later. */
  lost(connection: AgentConnection): void {
    if (this.#current === connection) this.#events.emit("wake");
  }

  /** This connection's token is not good any more: a new one. */
  async renew(connection: AgentConnection): Promise<void> {
    if (this.#current !== connection) return;
    const found = await reachAgent(this.#options.home);
    if (found !== undefined && this.#current === connection) this.#current = await this.#options.signIn(found);
  }

  /** Ends the agent, and the apps if asked; nothing is started again. */
  async end(apps: "keep" | "stop"): Promise<void> {
    const connection = this.#current ?? (await reachAgent(this.#options.home));
    this.close();
    if (connection !== undefined) await endAgent(connection, apps);
  }

  /** The agent, as soon as one runs. Throws `agent-unreachable` when it was stopped, could not be started, or takes longer than the limit. */
  async connection(limitMs = startLimitMs): Promise<AgentConnection> {
    const limit = Date.now() + limitMs;
    for (;;) {
      if (this.#status.state === "running" && this.#current !== undefined) return this.#current;
      const left = limit - Date.now();
      if (left <= 0 || this.#closed) throw unreachable(this.#status);
      if (this.#status.state === "stopped" || this.#status.state === "failed") throw unreachable(this.#status);
      await this.#next("status", left);
    }
  }

  async #start(): Promise<End | undefined> {
    const { home, program } = this.#options;
    this.#set({ state: "starting" });
    const child = spawnAgent(program, home);
    const limit = Date.now() + startLimitMs;
    while (!this.#closed && Date.now() < limit) {
      const connection = await readConnection(home);
      if (connection?.pid === child.pid && (await reachAgent(home)) !== undefined) return undefined;
      if (child.startError() !== undefined) break;
      const code = child.exitCode();
      if (code === agentAlreadyRunning) return wait(lookMs, undefined);
      if (code !== null) break;
      await wait(20);
    }
    return this.#closed ? undefined : this.#notStarted(child);
  }

  /** A program that cannot be started at all will not be after a pause either. */
  async #notStarted(child: SpawnedAgent): Promise<End | undefined> {
    const error = child.startError();
    if (error === undefined) return { type: "crashed", ranForMs: 0 };
    const { node } = this.#options.program;
    await this.#rest({
      state: "failed",
      message: `CloudSmith's agent could not be started: ${error.message}`,
      fix: `Make sure that ${node} is there and may be run, or install the app again`,
      log: [],
    });
    return undefined;
  }

  async #use(found: AgentConnection): Promise<End | undefined> {
    const { apiVersion, program } = this.#options;
    const choice = chooseByVersion(found, { version: program.version, apiVersion });
    if (choice === "replace") return this.#replace(found);
    if (choice === "update-app") {
      await this.#rest({
        state: "failed",
        message: `The agent that runs here is newer (${found.version}) than this app (${program.version})`,
        fix: "Update the app, or stop that agent: cloudsmith agent stop",
        log: [],
      });
      return undefined;
    }
    this.#current = await this.#options.signIn(found);
    this.#set({ state: "running", version: found.version });
    return this.#watch(found, choice === "replace-when-idle");
  }

  async #watch(agent: AgentConnection, isOlder: boolean): Promise<End> {
    const since = Date.now();
    while (!this.#closed) {
      if (!isAlive(agent.pid)) {
        const left = await readConnection(this.#options.home);
        // One that ends as it should takes its connection file along.
        if (left?.pid !== agent.pid) return { type: "on-purpose" };
        return { type: "crashed", ranForMs: Date.now() - since };
      }
      if (isOlder && this.#options.isIdle()) return this.#replace(agent);
      await this.#next("wake", lookMs);
    }
    return { type: "on-purpose" };
  }

  /** New requests wait from here on; those under way are let finish first. */
  async #replace(older: AgentConnection): Promise<End> {
    this.#set({ state: "replacing", from: older.version, to: this.#options.program.version });
    await this.#options.drained();
    if (await endAgent(older, "keep")) return { type: "replaced" };
    await this.#rest({
      state: "failed",
      message: `The older agent (${older.version}) does not end`,
      fix: `Stop it, process ${older.pid}, and try again`,
      log: await lastLogLines(this.#options.home, logLines),
    });
    return { type: "replaced" };
  }

  async #pause(ranForMs: number): Promise<void> {
    this.#ends = countEnd(this.#ends, ranForMs);
    const log = await lastLogLines(this.#options.home, logLines);
    const pause = restartPause(this.#ends);
    if (pause === "give-up") {
      await this.#rest({
        state: "failed",
        message: "CloudSmith's agent keeps ending",
        fix: "Look at the end of its log, then try again",
        log,
      });
      this.#ends = 0;
      return;
    }
    this.#set({ state: "restarting", log, inMs: pause });
    await this.#next("wake", pause);
  }

  /** Leaves things as they are until a person asks, or an agent that somebody else started answers. */
  async #rest(status: AgentStatus): Promise<void> {
    this.#current = undefined;
    this.#set(status);
    const before = (await readConnection(this.#options.home))?.pid;
    while (!this.#closed) {
      if (await this.#next("wake", lookMs * 2)) return;
      const now = await readConnection(this.#options.home);
      if (now !== undefined && now.pid !== before && isAlive(now.pid)) return;
    }
  }

  #set(status: AgentStatus): void {
    this.#status = status;
    this.#events.emit("status", status);
  }

  /** Waits for an event, at most so long; whether it came. */
  async #next(event: "status" | "wake", limitMs: number): Promise<boolean> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), limitMs);
    try {
      await once(this.#events, event, { signal: stop.signal });
      return true;
    } catch (error) {
      if (stop.signal.aborted) return false;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function unreachable(status: AgentStatus): CloudSmithError {
  if (status.state === "failed") return new CloudSmithError("agent-unreachable", status.message, { fix: status.fix });
  if (status.state === "stopped")
    return new CloudSmithError("agent-unreachable", "CloudSmith's agent was stopped", { fix: "Start it again" });
  return new CloudSmithError("agent-unreachable", "CloudSmith's agent does not answer yet", {
    fix: "Try again in a moment",
  });
}
