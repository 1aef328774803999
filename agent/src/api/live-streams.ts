import { CloudSmithError, newId, type ErrorBody } from "@cloudsmith/contracts";
import type { LiveMessage, Subscription } from "@cloudsmith/contracts/api";
import type { AgentServices } from "../services.ts";
import type { Caller } from "./base.ts";
import type { Channel } from "./live-channel.ts";
import { encodeCursor, type Cursor, type Progress } from "./live-cursor.ts";
import { sendDeployment, sendLog } from "./live-deployment.ts";
import { LiveQueue } from "./live-queue.ts";
import { sendRunLog } from "./live-run-log.ts";
import { sendTeam } from "./live-team.ts";
import type { WakeUps } from "./wake-ups.ts";

export interface SentMessage {
  readonly message: LiveMessage;
  /** Resume id. */
  readonly id: string;
}

export interface OpenOptions {
  readonly caller: Caller;
  readonly subscriptions: readonly Subscription[];
  /** Where a stream that broke was; its own list of subscriptions counts, if it has one. */
  readonly cursor: Cursor | undefined;
  readonly signal: AbortSignal;
  /** What the reader is told of an error. */
  readonly describe: (error: unknown) => ErrorBody;
}

/** What a slow reader may have outstanding before its sources wait: messages, where each line of a log counts as one. */
const maxQueued = 2000;
const maxSubscriptions = 100;
/** So that a proxy, a sleeping laptop or a session that ended elsewhere is noticed, in milliseconds. */
const pingMs = 20_000;

/** The open streams of all windows and commands. */
export class LiveStreams {
  readonly #services: AgentServices;
  readonly #wakeUps: WakeUps;
  readonly #open = new Map<string, LiveStream>();

  constructor(services: AgentServices, wakeUps: WakeUps) {
    this.#services = services;
    this.#wakeUps = wakeUps;
  }

  /** Opens a stream; it ends when the signal aborts or its reader stops. Throws `not-signed-in` when the session ends. */
  async *open(options: OpenOptions): AsyncGenerator<SentMessage> {
    const stream = new LiveStream({ ...options, services: this.#services, wakeUps: this.#wakeUps });
    this.#open.set(stream.id, stream);
    try {
      yield stream.opening();
      stream.begin();
      yield* stream.messages();
    } finally {
      stream.close();
      this.#open.delete(stream.id);
    }
  }

  /** Throws `not-found` for a stream that is not open here and of this team. */
  change(teamId: string, id: string, add: readonly Subscription[], remove: readonly string[]): void {
    const stream = this.#open.get(id);
    if (stream?.teamId !== teamId)
      throw new CloudSmithError("not-found", "This live stream is not open", { fix: "Open a new one" });
    stream.change(add, remove);
  }

  /** Ends the streams of a session or token that was revoked. */
  endOf(tokenId: string): void {
    for (const stream of this.#open.values()) if (stream.tokenId === tokenId) stream.end();
  }
}

type StreamOptions = OpenOptions & { readonly services: AgentServices; readonly wakeUps: WakeUps };

class LiveStream {
  readonly id = newId("stream");
  readonly teamId: string;
  readonly tokenId: string;
  readonly #options: StreamOptions;
  readonly #close = new AbortController();
  readonly #sources = new Map<string, { subscription: Subscription; stop: AbortController }>();
  readonly #progress: Map<string, Progress>;
  readonly #queue = new LiveQueue<SentMessage>(maxQueued);
  #changed: boolean;
  #sessionEnded = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.teamId = options.caller.teamId;
    this.tokenId = options.caller.tokenId;
    this.#changed = options.cursor?.subscriptions !== undefined;
    this.#progress = new Map(Object.entries(options.cursor?.progress ?? {}));
    options.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  opening(): SentMessage {
    // Nothing was sent yet: a reader that breaks off now comes back to where it was.
    const { cursor } = this.#options;
    return { message: { type: "open", stream: this.id }, id: encodeCursor(cursor ?? { progress: {} }) };
  }

  begin(): void {
    const { cursor, subscriptions } = this.#options;
    for (const each of cursor?.subscriptions ?? subscriptions)
      if (this.#progress.get(each.key)?.over !== true) this.#add(each);
  }

  change(add: readonly Subscription[], remove: readonly string[]): void {
    const kept = [...this.#sources.keys()].filter((key) => !remove.includes(key));
    if (new Set([...kept, ...add.map(({ key }) => key)]).size > maxSubscriptions)
      throw new CloudSmithError("invalid-input", "A live stream cannot carry more subscriptions", {
        why: `At most ${maxSubscriptions} are carried at once`,
        fix: "Remove some",
      });
    this.#changed = true;
    for (const key of [...remove, ...add.map((each) => each.key)]) this.#remove(key);
    for (const subscription of add) this.#add(subscription);
  }

  end(): void {
    this.#sessionEnded = true;
    this.close();
  }

  close(): void {
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    this.#close.abort();
    this.#queue.wake();
  }

  async *messages(): AsyncGenerator<SentMessage> {
    while (!this.#close.signal.aborted) {
      const next = this.#queue.shift();
      if (next !== undefined) yield next;
      else if (!(await this.#queue.change(pingMs))) {
        if (!(await this.#isSignedIn())) this.#sessionEnded = true;
        else yield { message: { type: "ping" }, id: this.#cursor() };
      }
      if (this.#sessionEnded)
        throw new CloudSmithError("not-signed-in", "This session was ended", { fix: "Sign in again" });
    }
  }

  readonly #onAbort = (): void => this.close();

  async #isSignedIn(): Promise<boolean> {
    const token = await this.#options.services.store.get("apiToken", { teamId: this.teamId, id: this.tokenId });
    return token !== undefined;
  }

  #add(subscription: Subscription): void {
    const stop = new AbortController();
    this.#sources.set(subscription.key, { subscription, stop });
    void this.#run(subscription, stop);
  }

  #remove(key: string): void {
    this.#sources.get(key)?.stop.abort();
    this.#sources.delete(key);
    this.#progress.delete(key);
  }

  async #run(subscription: Subscription, stop: AbortController): Promise<void> {
    const { services, wakeUps, describe } = this.#options;
    const { key } = subscription;
    const signal = AbortSignal.any([stop.signal, this.#close.signal]);
    const channel: Channel = {
      services,
      wakeUps,
      teamId: this.teamId,
      signal,
      progress: () => this.#progress.get(key) ?? {},
      mark: (progress) => this.#mark(key, progress, signal),
      send: (message, arrived) => this.#send(key, message, arrived, signal),
    };
    try {
      await send(channel, subscription);
    } catch (error) {
      if (signal.aborted) return;
      await this.#send(key, { type: "failed", key, error: describe(error) }, () => ({}), signal);
    }
    await this.#send(key, { type: "end", key }, () => ({ over: true }), signal);
    // What failed may have left a part of itself running.
    if (!signal.aborted) this.#sources.delete(key);
    stop.abort();
  }

  #mark(key: string, progress: Progress, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#progress.set(key, progress.over === true ? progress : { ...this.#progress.get(key), ...progress });
  }

  async #send(key: string, message: LiveMessage, arrived: () => Progress, signal: AbortSignal): Promise<void> {
    await this.#queue.room(signal);
    if (signal.aborted) return;
    this.#mark(key, arrived(), signal);
    this.#queue.push({ message, id: this.#cursor() }, message.type === "log" ? message.lines.length : 1);
  }

  #cursor(): string {
    const progress = Object.fromEntries(this.#progress);
    if (!this.#changed) return encodeCursor({ progress });
    const subscriptions = [...this.#sources.values()].map((source) => source.subscription);
    return encodeCursor({ subscriptions, progress });
  }
}

function send(channel: Channel, subscription: Subscription): Promise<void> {
  switch (subscription.type) {
    case "deployment":
      return sendDeployment(channel, subscription);
    case "log":
      return sendLog(channel, subscription);
    case "run-log":
      return sendRunLog(channel, subscription);
    case "team":
      return sendTeam(channel, subscription);
  }
}
