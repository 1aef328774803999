import { CloudSmithError } from "@cloudsmith/contracts";
import { setTimeout as wait } from "node:timers/promises";
import type { Consumer, EachBatchPayload, Kafka, TopicPartitionOffset, TopicPartitionOffsetAndMetadata } from "kafkajs";
import { askKafka } from "./admin-calls.ts";

export interface ConsumerLoopOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Where a group without offsets begins. */
  readonly fromBeginning: boolean;
  /** The group's partitions were given out anew: what was read and not committed will come again. */
  readonly onJoin: () => void;
  /** Takes a batch without waiting; the next one follows at once. Called in the log's order for each partition. */
  readonly onBatch: (payload: EachBatchPayload) => void;
  readonly onError: (error: unknown) => void;
}

/** A killed member's partitions go to the others after this long. */
const sessionMs = 10_000;
const readyMs = 60_000;
const restartMs = 500;
/** Above any number of partitions: see `run`. */
const concurrency = 1000;

/** A consumer that goes on: kafkajs gives up after some errors (a broker that was away too long), and then a new one takes its place. */
export class ConsumerLoop {
  readonly #options: ConsumerLoopOptions;
  readonly #stopped = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  #consumer: Consumer | undefined;

  constructor(options: ConsumerLoopOptions) {
    this.#options = options;
    // Whoever starts it may have gone by then.
    this.#ready.promise.catch(() => undefined);
  }

  /** Resolves when it has joined and begun to fetch. Throws where it cannot connect, and `deadline-exceeded`. */
  async start(): Promise<void> {
    const timer = setTimeout(() => {
      this.#ready.reject(
        new CloudSmithError("deadline-exceeded", `Kafka did not let ${this.#options.groupId} in within ${readyMs} ms`),
      );
    }, readyMs);
    try {
      await this.#begin();
      await this.#ready.promise;
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #begin(): Promise<void> {
    const { kafka, groupId, topics, fromBeginning, onJoin, onBatch, onError } = this.#options;
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: sessionMs,
      // With the default of 5 s a rebalance waits as long.
      maxWaitTimeInMs: 100,
      heartbeatInterval: 200,
      allowAutoTopicCreation: false,
    });
    this.#consumer = consumer;
    consumer.on(consumer.events.GROUP_JOIN, () => {
      onJoin();
      // Pauses outlive a join, what they were for does not.
      consumer.resume(topics.map((topic) => ({ topic })));
    });
    // A fetch, also an empty or a failed one, comes after the join.
    consumer.on(consumer.events.FETCH, () => this.#ready.resolve());
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      onError(payload.error);
      if (!payload.restart) void this.#restart(consumer);
    });
    await consumer.connect();
    await askKafka(() => consumer.subscribe({ topics: [...topics], fromBeginning }));
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // Each fetched batch is taken at once. One that waited in a queue could be taken after a rebalance, when its partition is read from elsewhere.
      partitionsConsumedConcurrently: concurrency,
      // oxlint-disable-next-line require-await
      eachBatch: async (payload) => {
        if (this.#stopped.signal.aborted) return;
        onBatch(payload);
        payload.resolveOffset(payload.batch.lastOffset());
      },
    });
  }

  async #restart(old: Consumer): Promise<void> {
    while (!this.#stopped.signal.aborted && this.#consumer === old) {
      await wait(restartMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      await old.disconnect().catch(() => undefined);
      try {
        await this.#begin();
      } catch (error) {
        this.#options.onError(error);
        // `#begin` put another one in its place; that one did not get connected.
        await this.#consumer?.disconnect().catch(() => undefined);
        this.#consumer = old;
      }
    }
  }

  /** Reads on from there; only within `onJoin`. */
  seek(place: TopicPartitionOffset): void {
    this.#consumer?.seek(place);
  }

  async commit(offsets: TopicPartitionOffsetAndMetadata[]): Promise<void> {
    await this.#consumer?.commitOffsets(offsets);
  }

  /** Leaves the group. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#consumer?.disconnect().catch(this.#options.onError);
  }
}
