import { randomUUID } from "node:crypto";
import type { Admin, Batch, Kafka } from "kafkajs";
import { askKafka } from "./admin-calls.ts";
import { ConsumerLoop } from "./consumer-loop.ts";
import type { TopicNames } from "./topic-names.ts";

export interface LogReaderOptions {
  readonly kafka: Kafka;
  readonly admin: () => Promise<Admin>;
  readonly names: TopicNames;
  readonly topics: readonly string[];
  readonly from: "beginning" | "end";
  readonly onBatch: (batch: Batch) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Reads whole topics for this process alone, without a gap. It is a group of its own, which Kafka forgets when it is gone: it commits nothing,
 * but knows itself where it stands and goes back there whenever the group is joined anew.
 */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #loop: ConsumerLoop;
  /** The next offset to read, by topic and partition. */
  readonly #positions = new Map<string, Map<number, bigint>>();

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#loop = new ConsumerLoop({
      kafka: options.kafka,
      groupId: options.names.group(`reader-${randomUUID()}`),
      topics: options.topics,
      fromBeginning: options.from === "beginning",
      onJoin: () => this.#goBack(),
      onBatch: ({ batch }) => {
        options.onBatch(batch);
        this.#move(batch.topic, batch.partition, BigInt(batch.lastOffset()) + 1n);
      },
      onError: options.onError,
    });
  }

  /** From the end means the end at this moment, not that of the first fetch, which comes later. */
  async start(): Promise<void> {
    const { admin, topics, from } = this.#options;
    if (from === "end") {
      const connected = await admin();
      for (const topic of topics)
        for (const { partition, high } of await askKafka(() => connected.fetchTopicOffsets(topic)))
          this.#move(topic, partition, BigInt(high));
    }
    await this.#loop.start();
  }

  position(topic: string, partition: number): bigint {
    return this.#positions.get(topic)?.get(partition) ?? 0n;
  }

  #move(topic: string, partition: number, offset: bigint): void {
    const partitions = this.#positions.get(topic) ?? new Map<number, bigint>();
    this.#positions.set(topic, partitions.set(partition, offset));
  }

  #goBack(): void {
    for (const [topic, partitions] of this.#positions)
      for (const [partition, offset] of partitions) this.#loop.seek({ topic, partition, offset: String(offset) });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
