import { CloudSmithError, newId } from "@cloudsmith/contracts";
import type { LiveMessage, Subscription } from "@cloudsmith/contracts/api";
import type { AgentServices } from "../services.ts";
import { encodeCursor, type Cursor, type Progress } from "./live-cursor.ts";
import { sendDeployment, sendRunLog, sendTeam, type Channel } from "./live-sources.ts";
import type { WakeUps } from "./wake-ups.ts";

export interface SentMessage {
  readonly message: LiveMessage;
  /** Resume id. */
  readonly id: string;
}

/** Messages that a slow reader may have outstanding before its sources wait. */
const maxQueued = 200;
/** So that a proxy or a sleeping laptop is noticed, in milliseconds. */
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

  /** Opens a stream; it ends when the signal aborts or its reader stops. */
  async *open(teamId: string, cursor: Cursor, signal: AbortSignal): AsyncGenerator<SentMessage> {
    const stream = new LiveStream({
      services: this.#services,
      wakeUps: this.#wakeUps,
      teamId,
      progress: cursor.progress,
      signal,
    });
    this.#open.set(stream.id, stream);
    try {
      yield stream.opening();
      for (const subscription of cursor.subscriptions) stream.add(subscription);
      yield* stream.messages();
    } finally {
      stream.close();
      this.#open.delete(stream.id);
    }
  }

  change(teamId: string, id: string, add: readonly Subscription[], remove: readonly string[]): void {
    const stream = this.#open.get(id);
    if (stream?.teamId !== teamId)
      throw new CloudSmithError("not-found", "This live stream is not open", { fix: "Open a new one" });
    for (const key of remove) stream.remove(key);
    for (const subscription of add) stream.add(subscription);
  }
}

interface StreamOptions {
  readonly services: AgentServices;
  readonly wakeUps: WakeUps;
  readonly teamId: string;
  readonly progress: Readonly<Record<string, Progress>>;
  readonly signal: AbortSignal;
}

class LiveStream {
  readonly id = newId("stream");
  readonly teamId: string;
  readonly #options: StreamOptions;
  readonly #close = new AbortController();
  readonly #sources = new Map<string, { subscription: Subscription; stop: AbortController }>();
  readonly #progress: Map<string, Progress>;
  readonly #queue: SentMessage[] = [];
  #filled = Promise.withResolvers<void>();
  #drained = Promise.withResolvers<void>();
  #failure: { error: unknown } | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.teamId = options.teamId;
    this.#progress = new Map(Object.entries(options.progress));
    options.signal.addEventListener("abort", () => this.close(), { once: true });
  }

  opening(): SentMessage {
    return { message: { type: "open", stream: this.id }, id: this.#cursor() };
  }

  add(subscription: Subscription): void {
    this.remove(subscription.key);
    const stop = new AbortController();
    this.#sources.set(subscription.key, { subscription, stop });
    const signal = AbortSignal.any([stop.signal, this.#close.signal]);
    this.#run(subscription, signal).catch((error: unknown) => {
      if (signal.aborted) return;
      this.#failure = { error };
      this.#filled.resolve();
    });
  }

  remove(key: string): void {
    this.#sources.get(key)?.stop.abort();
    this.#sources.delete(key);
  }

  close(): void {
    this.#close.abort();
    this.#filled.resolve();
    this.#drained.resolve();
  }

  async *messages(): AsyncGenerator<SentMessage> {
    while (!this.#close.signal.aborted) {
      const next = this.#queue.shift();
      if (next !== undefined) {
        if (this.#queue.length < maxQueued) this.#drained.resolve();
        yield next;
        continue;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#filled = Promise.withResolvers<void>();
      let timer: NodeJS.Timeout | undefined;
      const ping = new Promise<"ping">((resolve) => (timer = setTimeout(() => resolve("ping"), pingMs)));
      const woken = await Promise.race([this.#filled.promise, ping]);
      clearTimeout(timer);
      if (woken === "ping") yield { message: { type: "ping" }, id: this.#cursor() };
    }
  }

  async #run(subscription: Subscription, signal: AbortSignal): Promise<void> {
    const { services, wakeUps, teamId } = this.#options;
    const { key } = subscription;
    const channel: Channel = {
      services,
      wakeUps,
      teamId,
      signal,
      progress: () => this.#progress.get(key) ?? {},
      send: (message, progress) => this.#send(key, message, progress, signal),
    };
    if (subscription.type === "deployment") await sendDeployment(channel, subscription);
    else if (subscription.type === "run-log") await sendRunLog(channel, subscription);
    else await sendTeam(channel, subscription);
    if (signal.aborted) return;
    await this.#send(key, { type: "end", key }, undefined, signal);
    this.#sources.delete(key);
  }

  async #send(key: string, message: LiveMessage, progress: Progress | undefined, signal: AbortSignal): Promise<void> {
    while (this.#queue.length >= maxQueued && !signal.aborted) {
      this.#drained = Promise.withResolvers<void>();
      await this.#drained.promise;
    }
    if (signal.aborted) return;
    if (progress !== undefined) this.#progress.set(key, { ...this.#progress.get(key), ...progress });
    if (message.type === "end") this.#progress.delete(key);
    this.#queue.push({ message, id: this.#cursor(message.type === "end" ? key : undefined) });
    this.#filled.resolve();
  }

  #cursor(ended?: string): string {
    const subscriptions = [...this.#sources.values()]
      .map((source) => source.subscription)
      .filter((each) => each.key !== ended);
    return encodeCursor({ subscriptions, progress: Object.fromEntries(this.#progress) });
  }
}
