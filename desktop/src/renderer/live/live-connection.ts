import type { LiveMessage, Subscription } from "@cloudsmith/contracts/api";
import { SeenMessages } from "./seen-messages.ts";

/** A subscription without the name that it goes by on the wire. */
export type Wanted = Subscription extends infer S ? (S extends Subscription ? Omit<S, "key"> : never) : never;
/** What comes for a subscription; `open` and `ping` are the stream's own. */
export type Told = Exclude<LiveMessage, { type: "open" | "ping" }>;

export type LiveState = "connecting" | "online" | "offline" | "signed-out";

export interface LiveTransport {
  /** Messages and the id of each, from after `lastEventId` on. */
  open(
    subscriptions: Subscription[],
    options: { signal: AbortSignal; lastEventId: string | undefined },
  ): Promise<AsyncIterable<{ readonly message: LiveMessage; readonly id: string | undefined }>>;
  change(stream: string, change: { add: Subscription[]; remove: string[] }): Promise<void>;
  /** What a broken stream means: nobody is signed in, its id is no good any more, or only that it broke. */
  meaning(error: unknown): "signed-out" | "lost-place" | "broken";
}

interface Listener {
  readonly subscription: Subscription;
  readonly onMessage: (message: Told) => void;
  readonly seen: SeenMessages;
  /** The stream that is open was asked to carry it. */
  asked: boolean;
  /** A message of it has come, so that the id of the last message knows it. */
  confirmed: boolean;
}

/** Longest time without a message, in milliseconds; the agent sends one at least every 20 s. */
const silenceMs = 45_000;
/** A break shorter than this is not worth telling. */
const tellAfterMs = 1500;
const delaysMs = [100, 250, 500, 1000, 2000, 4000];

/**
 * The one live stream of a window. It comes back by itself after any break, from the message after the last one that it got; what a
 * break leaves in doubt is asked for again and what was seen already is dropped, so that listeners get everything once.
 */
export class LiveConnection {
  readonly #transport: LiveTransport;
  readonly #listeners = new Map<string, Listener>();
  /** Keys that the stream may still carry though nobody listens. */
  readonly #unwanted = new Set<string>();
  readonly #watchers = new Set<() => void>();
  #state: LiveState = "connecting";
  #count = 0;
  #stream: string | undefined;
  #lastEventId: string | undefined;
  #running: AbortController | undefined;
  #attempt = new AbortController();
  #telling: ReturnType<typeof setTimeout> | undefined;
  #wake: () => void = () => undefined;
  #flushing = false;

  constructor(transport: LiveTransport) {
    this.#transport = transport;
  }

  get state(): LiveState {
    return this.#state;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Listens until the answered function is called. */
  listen(wanted: Wanted, onMessage: (message: Told) => void): () => void {
    const key = String((this.#count += 1));
    const subscription: Subscription = { ...wanted, key };
    const seen = new SeenMessages();
    this.#listeners.set(key, { subscription, onMessage, seen, asked: false, confirmed: false });
    this.#flushSoon();
    return () => {
      if (!this.#listeners.delete(key)) return;
      this.#unwanted.add(key);
      this.#flushSoon();
    };
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#telling);
    this.#wake();
  }

  /** Tries at once instead of waiting: the network came back, the window is looked at again, somebody signed in. */
  retryNow(): void {
    if (this.#state !== "signed-out") return this.#wake();
    this.stop();
    this.#become("connecting");
    this.start();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#follow(signal, () => (failures = 0));
      } catch (error) {
        if (signal.aborted) return;
        const meaning = this.#transport.meaning(error);
        if (meaning === "signed-out") return this.#signedOut();
        if (meaning === "lost-place") this.#lastEventId = undefined;
      }
      this.#telling ??= setTimeout(() => this.#become("offline"), tellAfterMs);
      const delay = delaysMs[Math.min(failures, delaysMs.length - 1)] ?? 0;
      failures += 1;
      await this.#pause(delay * (0.75 + Math.random() / 2), signal);
    }
  }

  /** Follows one connection to its end. */
  async #follow(signal: AbortSignal, onUp: () => void): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    let silence = setTimeout(() => attempt.abort(), silenceMs);
    try {
      const resumes = this.#lastEventId !== undefined;
      for (const listener of this.#listeners.values()) listener.asked = true;
      const messages = await this.#transport.open(
        [...this.#listeners.values()].map(({ subscription }) => subscription),
        { signal: AbortSignal.any([signal, attempt.signal]), lastEventId: this.#lastEventId },
      );
      for await (const { message, id } of messages) {
        clearTimeout(silence);
        silence = setTimeout(() => attempt.abort(), silenceMs);
        if (message.type === "open") {
          this.#opened(message.stream, resumes);
          onUp();
        } else if (message.type !== "ping") this.#deliver(message);
        // After the delivery: what a listener did not take comes again.
        this.#lastEventId = id ?? this.#lastEventId;
      }
    } finally {
      clearTimeout(silence);
      attempt.abort();
      this.#stream = undefined;
    }
  }

  /** A stream that was taken up again has the subscriptions that it had at its place; whichever may be younger are asked for again. */
  #opened(stream: string, resumes: boolean): void {
    this.#stream = stream;
    if (resumes) for (const listener of this.#listeners.values()) listener.asked = listener.confirmed;
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#become("online");
    this.#flushSoon();
  }

  #deliver(message: Told): void {
    const listener = this.#listeners.get(message.key);
    if (listener === undefined) {
      if (message.type === "end" || this.#unwanted.has(message.key)) return;
      this.#unwanted.add(message.key);
      return this.#flushSoon();
    }
    listener.confirmed = true;
    const fresh = listener.seen.fresh(message);
    if (fresh === undefined) return;
    if (fresh.type === "end") this.#listeners.delete(fresh.key);
    listener.onMessage(fresh);
  }

  /** Changes of one turn go together. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) return;
    const add = [...this.#listeners.values()].filter(({ asked }) => !asked);
    const remove = [...this.#unwanted];
    if (add.length === 0 && remove.length === 0) return;
    for (const listener of add) listener.asked = true;
    this.#unwanted.clear();
    const attempt = this.#attempt;
    try {
      await this.#transport.change(stream, { add: add.map(({ subscription }) => subscription), remove });
    } catch {
      // Whether it was done is not known; the next stream is brought to what is wanted then.
      attempt.abort();
    }
  }

  #signedOut(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#become("signed-out");
  }

  #become(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }
}
