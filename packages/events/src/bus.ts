import type { AnyEvent, Topic } from "@cloudsmith/contracts";

/** Handles one event. It may get the same one again: after a crash, a lost connection or a replay. When the signal aborts it should stop. */
export type EventHandler = (
  event: AnyEvent,
  context: { readonly signal: AbortSignal; readonly attempt: number },
) => Promise<void>;

export interface RetryPolicy {
  /** Attempts in all before an event becomes a dead letter. */
  readonly attempts: number;
  /** Pause before the second attempt, doubled each time up to `maxMs`. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** How long one attempt may take; then its signal aborts and it has failed. */
  readonly attemptMs: number;
}

export const defaultRetries: RetryPolicy = { attempts: 6, firstMs: 100, maxMs: 5000, attemptMs: 60_000 };

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly Topic[];
  readonly handler: EventHandler;
  readonly signal: AbortSignal;
  readonly retries?: RetryPolicy;
}

export interface DeadLetter {
  readonly id: string;
  readonly group: string;
  readonly topic: Topic;
  readonly event: AnyEvent;
  readonly error: string;
  readonly attempts: number;
  readonly failedAt: string;
}

export interface DeadLetters {
  /** Oldest first. */
  list(page?: {
    limit?: number;
    cursor?: string;
  }): Promise<{ readonly items: readonly DeadLetter[]; readonly cursor?: string }>;
  get(id: string): Promise<DeadLetter | undefined>;
  /** Hands the event to its group again, and to no other. Throws `not-found`. */
  replay(id: string): Promise<void>;
  /** Throws `not-found`. */
  discard(id: string): Promise<void>;
}

/** Carries events from the outbox to consumers. */
export interface EventBus {
  /** Durable: resolves when stored. Only the relay calls it. */
  publish(events: readonly AnyEvent[], signal?: AbortSignal): Promise<void>;
  /**
   * Joins a durable consumer group until the signal aborts; resolves when events flow. The group sees every event of its topics published from then
   * on, also while none of its members is there. At least once, in order for one partition key of one topic, different keys side by side;
   * members share the events. An event whose handler throws is tried again with growing pauses and then becomes a dead letter: it holds up its own key, and only until then.
   */
  subscribe(options: SubscribeOptions): Promise<void>;
  /** Every event from now on, to every caller, without durability: wakes live streams and workers up. `onEvent` returns at once and does not throw. */
  tail(options: {
    readonly topics: readonly Topic[];
    readonly onEvent: (event: AnyEvent) => void;
    readonly signal: AbortSignal;
  }): Promise<void>;
  readonly deadLetters: DeadLetters;
  /** Events that a group has not handled yet. */
  lag(group: string): Promise<number>;
  /** Ends all subscriptions, waits for the handlers that run, and lets go of files and connections. */
  close(): Promise<void>;
}
