import type { AnyEvent, Topic } from "@cloudsmith/contracts";

export interface EventHandler {
  (event: AnyEvent, context: { readonly signal: AbortSignal; readonly attempt: number }): Promise<void>;
}

export interface RetryPolicy {
  /** Attempts in all before an event becomes a dead letter. */
  readonly attempts: number;
  /** Pause before the second attempt, doubled each time up to `maxMs`. */
  readonly firstMs: number;
  readonly maxMs: number;
}

export const defaultRetries: RetryPolicy = { attempts: 6, firstMs: 100, maxMs: 5000 };

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
   * Joins a durable consumer group; resolves when events flow. At least once, in order for one partition key, different keys side by
   * side. An event whose handler throws is tried again with growing pauses and then becomes a dead letter: it holds up its own key, and only until then.
   */
  subscribe(options: SubscribeOptions): Promise<void>;
  /** Every event from now on, to every caller, without durability: wakes live streams and workers up. */
  tail(options: {
    readonly topics: readonly Topic[];
    readonly onEvent: (event: AnyEvent) => void;
    readonly signal: AbortSignal;
  }): Promise<void>;
  readonly deadLetters: DeadLetters;
  /** Events that a group has not handled yet. */
  lag(group: string): Promise<number>;
  close(): Promise<void>;
}
