import { setTimeout as wait } from "node:timers/promises";
import type { AgentClient } from "@cloudsmith/agent/src/client.ts";
import type { Deployment, DeploymentState, TimelineEntry } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";

/** Follows one deployment by the live stream, which comes back by itself when the agent was killed; keeps what it was told, in order. */
export class Follower implements AsyncDisposable {
  readonly entries: TimelineEntry[] = [];
  readonly lines: string[] = [];
  last: Deployment;
  ended = false;
  #error: unknown;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  constructor(client: AgentClient, deployment: Deployment) {
    this.last = deployment;
    this.#done = this.#follow(client, deployment.id).catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#error = error;
    });
  }

  /** Resolves when the timeline shows a state, or one of several. */
  async reached(...states: DeploymentState[]): Promise<void> {
    await this.#until(`deployment ${this.last.sequence} to be ${states.join(" or ")}`, () =>
      this.entries.some((entry) => states.includes(entry.state)),
    );
  }

  /** The deployment as it ended, and its log lines. */
  async settled(): Promise<Deployment> {
    await this.#until(`deployment ${this.last.sequence} to settle`, () => this.ended);
    return this.last;
  }

  async #until(what: string, isTrue: () => boolean): Promise<void> {
    try {
      await waitFor(what, () => isTrue() || this.#error !== undefined, { timeoutMs: 90_000 });
    } catch (cause) {
      throw new Error(`${what}; its timeline:\n${this.told()}`, { cause });
    }
    if (!isTrue()) throw new Error(`The stream broke; the timeline:\n${this.told()}`, { cause: this.#error });
  }

  /** What the stream told so far, for a failure's message. */
  told(): string {
    return this.entries
      .map(({ number, state, type, message, at }) => `${at} ${number} ${state} ${type} ${message}`)
      .join("\n");
  }

  async #follow(client: AgentClient, deployment: string): Promise<void> {
    const stream = await client.live.open(
      { subscriptions: [{ type: "deployment", key: "it", deployment, after: 0, logs: true }] },
      { signal: this.#abort.signal },
    );
    for await (const message of stream) {
      if (message.type === "timeline") {
        this.entries.push(message.entry);
        this.last = message.deployment;
      }
      if (message.type === "log") this.lines.push(...message.lines.map((line) => line.text));
      if (message.type === "end") break;
    }
    this.ended = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    // A stream that waits for its next try does not hear the abort.
    await Promise.race([this.#done, wait(1000)]);
  }
}
