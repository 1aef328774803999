import type { Deployment } from "@cloudsmith/contracts";
import { apiVersion, type Contract, type LiveMessage } from "@cloudsmith/contracts/api";
import { createORPCClient, isDefinedError, ORPCError, safe } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import type { ContractRouterClient } from "@orpc/contract";
import { setTimeout as wait } from "node:timers/promises";
import { emptyTeam, withDeployment, withProject, withProjects, withSeen, type TeamState } from "./team-state.ts";

type Client = ContractRouterClient<Contract>;

export interface FollowerOptions {
  /** Sends a request to the agent, as a page's would be. */
  readonly send: (request: Request) => Promise<Response>;
  readonly onChange: (state: TeamState) => void;
  /** A deployment went live or failed. */
  readonly onOutcome: (deployment: Deployment) => void;
  /** Something could not be read; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

const retryMs = 1000;
const mostProjects = 200;

/** Keeps what the app knows of the team up to date by one live stream of notices; each notice is followed by a look at what it names. */
export class TeamFollower {
  readonly #options: FollowerOptions;
  readonly client: Client;
  #state = emptyTeam(new Date().toISOString());
  #stop = new AbortController();
  /** Looks at the same thing that were asked for meanwhile are one. */
  readonly #pending = new Set<string>();
  #looking = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.client = createORPCClient(
      new RPCLink({
        url: "app://launchboard/rpc",
        headers: { "x-cloudsmith-api": String(apiVersion) },
        fetch: (request) => options.send(request),
      }),
    );
  }

  get state(): TeamState {
    return this.#state;
  }

  seen(deploymentId: string): void {
    this.#set(withSeen(this.#state, deploymentId));
  }

  close(): void {
    this.#stop.abort();
  }

  async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const subscriptions = [{ type: "team" as const, key: "team" }];
        const stream = await this.client.live.open({ subscriptions }, { signal });
        for await (const message of stream) this.#on(message);
      } catch (error) {
        // The agent is away, or is another one now: it is asked again, and the supervisor says what is wrong with it.
        if (!signal.aborted) this.#options.onTrouble(error);
      }
      this.#set({ ...this.#state, isLive: false });
      await wait(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #on(message: LiveMessage): void {
    if (message.type !== "changed") return;
    if (message.deploymentId !== null) this.#pending.add(message.deploymentId);
    if (message.projectId !== null) this.#pending.add(message.projectId);
    if (message.projectId === null && message.deploymentId === null) this.#pending.add("all");
    if (!this.#looking) void this.#look();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      for (let [next] = this.#pending; next !== undefined; [next] = this.#pending) {
        this.#pending.delete(next);
        if (next === "all") await this.#readAll();
        else if (next.startsWith("dep_")) await this.#readDeployment(next);
        else await this.#readProject(next);
      }
    } catch (error) {
      // The stream breaks with the agent, and everything is read again when it is back.
      this.#options.onTrouble(error);
    } finally {
      this.#looking = false;
    }
  }

  async #readAll(): Promise<void> {
    const { items } = await this.client.projects.list({ limit: mostProjects });
    const { state, missing } = withProjects(this.#state, items);
    this.#set({ ...state, isLive: true });
    for (const id of missing) this.#pending.add(id);
  }

  async #readProject(id: string): Promise<void> {
    const { error, data } = await safe(this.client.projects.get({ project: id }));
    if (error !== null && !isNotFound(error)) throw error;
    this.#set(withProject(this.#state, id, data));
  }

  async #readDeployment(id: string): Promise<void> {
    const { error, data } = await safe(this.client.deployments.get({ deployment: id }));
    if (isNotFound(error)) return;
    if (error !== null) throw error;
    // Names are told with its outcome, so its project has to be known.
    if (!this.#state.projects.some(({ project }) => project.id === data.projectId))
      await this.#readProject(data.projectId);
    const { state, outcome } = withDeployment(this.#state, data);
    this.#set(state);
    if (outcome !== undefined) this.#options.onOutcome(outcome);
  }

  #set(state: TeamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onChange(state);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ORPCError && isDefinedError(error) && error.code === "not-found";
}
