import type { AnyEvent } from "@cloudsmith/contracts";
import type { EachBatchPayload, Kafka } from "kafkajs";
import { setTimeout as wait } from "node:timers/promises";
import { defaultRetries, type SubscribeOptions } from "../bus.ts";
import { deliver, type Outcome } from "../deliver.ts";
import { KeyQueues } from "../key-queues.ts";
import { ConsumerLoop } from "./consumer-loop.ts";
import { eventOf, groupOf } from "./messages.ts";
import { OffsetTracker } from "./offset-tracker.ts";
import type { TopicNames } from "./topic-names.ts";

/** A partition with so many events waiting or in work is paused, until half of them are done. */
const mostOpen = 1000;
/** Pause before a commit or a dead letter that Kafka did not take is tried again, in milliseconds. */
const againMs = 500;

/** Stores a dead letter; rejects where Kafka did not take it. */
type Bury = (event: AnyEvent, dead: Extract<Outcome, { type: "dead" }>) => Promise<void>;

/** One reading of the partitions, from a join of the group to the next; what it took is read again by the next one where it was not committed. */
interface Reading {
  readonly partitions: Map<string, Partition>;
}

interface Partition {
  readonly topic: string;
  readonly number: number;
  readonly offsets: OffsetTracker;
  resume?: (() => void) | undefined;
}

interface Item {
  readonly reading: Reading;
  readonly partition: Partition;
  readonly offset: bigint;
  readonly event: AnyEvent;
}

/**
 * A member of a consumer group. It takes batches as they come and works on each key in turn, so that an event that fails holds up its own
 * key alone, not its partition; an offset is committed when every event before it is done.
 */
export class GroupConsumer {
  readonly #subscription: SubscribeOptions;
  readonly #names: TopicNames;
  readonly #bury: Bury;
  readonly #onError: (error: unknown) => void;
  readonly #loop: ConsumerLoop;
  readonly #stop = new AbortController();
  readonly #queues = new KeyQueues<Item>((item) => this.#work(item));
  #reading: Reading = { partitions: new Map() };
  #committing: Promise<void> | undefined;

  constructor(options: {
    kafka: Kafka;
    names: TopicNames;
    subscription: SubscribeOptions;
    bury: Bury;
    onError: (error: unknown) => void;
  }) {
    const { kafka, names, subscription, bury, onError } = options;
    this.#subscription = subscription;
    this.#names = names;
    this.#bury = bury;
    this.#onError = onError;
    this.#loop = new ConsumerLoop({
      kafka,
      groupId: names.group(subscription.group),
      topics: [...subscription.topics.map((topic) => names.events(topic)), names.replays],
      // A new group takes what is there: beginning at the end, it would lose what comes between its first join and its first commit.
      fromBeginning: true,
      onJoin: () => {
        this.#reading = { partitions: new Map() };
      },
      onBatch: (payload) => this.#take(payload),
      onError,
    });
  }

  start(): Promise<void> {
    return this.#loop.start();
  }

  #take(payload: EachBatchPayload): void {
    const { batch } = payload;
    const reading = this.#reading;
    const name = `${batch.topic} ${batch.partition}`;
    const partition = reading.partitions.get(name) ?? {
      topic: batch.topic,
      number: batch.partition,
      offsets: new OffsetTracker(),
    };
    reading.partitions.set(name, partition);
    for (const message of batch.messages) {
      const offset = BigInt(message.offset);
      partition.offsets.take(offset);
      const isForOthers = batch.topic === this.#names.replays && groupOf(message) !== this.#subscription.group;
      const event = isForOthers ? undefined : this.#parse(() => eventOf(message), `${name} ${message.offset}`);
      if (event === undefined) partition.offsets.finish(offset);
      // Order is promised within a topic, so that a replay waits for nothing else.
      else this.#queues.push(`${batch.topic} ${event.partitionkey}`, { reading, partition, offset, event });
    }
    if (partition.offsets.size > mostOpen) partition.resume ??= payload.pause();
    this.#commitSoon();
  }

  /** A record that is no event of ours is reported and passed over: nothing in it could be handled, now or later. */
  #parse(parse: () => AnyEvent, place: string): AnyEvent | undefined {
    try {
      return parse();
    } catch (cause) {
      this.#onError(new Error(`The record at ${place} is not an event of CloudSmith`, { cause }));
      return undefined;
    }
  }

  async #work(item: Item): Promise<void> {
    const { handler, retries = defaultRetries } = this.#subscription;
    // What an earlier reading took comes again, here or at another member.
    if (item.reading !== this.#reading || this.#stop.signal.aborted) return;
    const outcome = await deliver(item.event, { handler, retries, signal: this.#stop.signal });
    if (outcome.type === "stopped") return;
    if (outcome.type === "dead" && !(await this.#buried(item.event, outcome))) return;
    const { partition } = item;
    partition.offsets.finish(item.offset);
    if (partition.resume !== undefined && partition.offsets.size < mostOpen / 2 && item.reading === this.#reading) {
      partition.resume();
      partition.resume = undefined;
    }
    this.#commitSoon();
  }

  /** Tries until the dead letter is stored; false when it was stopped before. */
  async #buried(event: AnyEvent, outcome: Extract<Outcome, { type: "dead" }>): Promise<boolean> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#bury(event, outcome);
        return true;
      } catch (error) {
        this.#onError(error);
        await this.#pause();
      }
    }
    return false;
  }

  #commitSoon(): void {
    this.#committing ??= this.#commitAll().finally(() => {
      this.#committing = undefined;
    });
  }

  /** Commits until there is nothing left that is not; a commit that fails is tried again while its reading lasts. */
  async #commitAll(): Promise<void> {
    for (;;) {
      // What is finished in the same turn goes into one commit.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const reading = this.#reading;
      const due = [...reading.partitions.values()].flatMap((partition) => {
        const offset = partition.offsets.uncommitted;
        return offset === undefined ? [] : [{ partition, offset }];
      });
      if (due.length === 0) return;
      try {
        await this.#loop.commit(
          due.map(({ partition, offset }) => ({
            topic: partition.topic,
            partition: partition.number,
            offset: String(offset),
          })),
        );
        for (const { partition, offset } of due) partition.offsets.committed(offset);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        // A rebalance refuses commits of the reading that it ends; that is no news.
        if (reading === this.#reading) this.#onError(error);
        await this.#pause();
      }
    }
  }

  async #pause(): Promise<void> {
    await wait(againMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  /** Lets the running handlers end, commits what they did, and leaves the group. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#queues.idle();
    this.#commitSoon();
    await this.#committing;
    await this.#loop.stop();
  }
}
