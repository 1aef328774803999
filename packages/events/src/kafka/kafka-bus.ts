import { eventTable, topics as eventTopics, type AnyEvent, type Topic } from "@cloudsmith/contracts";
import { Kafka, logLevel, type Admin, type Batch, type KafkaConfig } from "kafkajs";
import type { EventBus, SubscribeOptions } from "../bus.ts";
import { askKafka } from "./admin-calls.ts";
import { DeadLetterTopics } from "./dead-letter-topics.ts";
import { GroupConsumer } from "./group-consumer.ts";
import { LogReader } from "./log-reader.ts";
import { deadLetterId, eventMessage, eventOf } from "./messages.ts";
import { Sender } from "./sender.ts";
import { createTopics, TopicNames } from "./topic-names.ts";

export interface KafkaBusOptions {
  /** `host:port` of some brokers. */
  readonly brokers: readonly string[];
  readonly ssl?: KafkaConfig["ssl"];
  readonly sasl?: KafkaConfig["sasl"];
  /** In front of every topic and group, where installations share a cluster. */
  readonly prefix?: string;
  /** Of each topic that is created; bounds how many members of a group can share the work. Default 12. */
  readonly partitions?: number;
  /** Of each topic that is created; default the cluster's own. */
  readonly replicas?: number;
  /** Hears of what no caller can: a broker that is away, a record that is no event. */
  readonly onError?: (error: unknown) => void;
}

/** Connects to Kafka and creates the topics that are absent. Throws `component-missing` where no broker answers. */
export async function openKafkaBus(options: KafkaBusOptions): Promise<EventBus> {
  const bus = new KafkaBus(options);
  try {
    await bus.prepare(options.partitions ?? 12, options.replicas ?? -1);
    return bus;
  } catch (error) {
    await bus.close();
    throw error;
  }
}

interface Tail {
  readonly topics: ReadonlySet<Topic>;
  readonly onEvent: (event: AnyEvent) => void;
}

class KafkaBus implements EventBus {
  readonly #kafka: Kafka;
  readonly #quickKafka: Kafka;
  readonly #names: TopicNames;
  readonly #sender: Sender;
  readonly #onError: (error: unknown) => void;
  readonly #consumers = new Map<GroupConsumer, Promise<void> | undefined>();
  readonly #tails = new Set<Tail>();
  #tailReader: Promise<LogReader> | undefined;
  #connectedAdmin: Promise<Admin> | undefined;
  readonly deadLetters: DeadLetterTopics;

  constructor(options: KafkaBusOptions) {
    const connect = (retries: number): Kafka =>
      new Kafka({
        clientId: "cloudsmith",
        brokers: [...options.brokers],
        ...(options.ssl !== undefined && { ssl: options.ssl }),
        ...(options.sasl !== undefined && { sasl: options.sasl }),
        retry: { retries, initialRetryTime: 100, maxRetryTime: 500 },
        // Errors reach `onError` and the callers; the library's own log says each of them many times.
        logLevel: logLevel.NOTHING,
      });
    // A broker that restarts is back within these.
    this.#kafka = connect(30);
    // A person waits for what is asked with this one; after about 3 s it is known.
    this.#quickKafka = connect(8);
    this.#names = new TopicNames(options.prefix ?? "");
    this.#sender = new Sender(this.#kafka);
    this.#onError = options.onError ?? warn;
    this.deadLetters = new DeadLetterTopics({
      kafka: this.#kafka,
      names: this.#names,
      sender: this.#sender,
      admin: () => this.#admin(),
      onError: this.#onError,
    });
  }

  async prepare(partitions: number, replicas: number): Promise<void> {
    const admin = await askKafka(() => this.#admin());
    await askKafka(() => createTopics(admin, this.#names, { partitions, replicas }));
    // A new topic's leaders take a moment; until then the first consumer or publisher would be told that there is no such topic.
    for (const topic of this.#names.all) await askKafka(() => admin.fetchTopicOffsets(topic));
  }

  async #admin(): Promise<Admin> {
    const admin = this.#quickKafka.admin();
    this.#connectedAdmin ??= admin.connect().then(() => admin);
    try {
      return await this.#connectedAdmin;
    } catch (error) {
      this.#connectedAdmin = undefined;
      throw error;
    }
  }

  async publish(events: readonly AnyEvent[], signal?: AbortSignal): Promise<void> {
    const byTopic = Map.groupBy(events, (event) => eventTable[event.type].topic);
    const batches = [...byTopic].map(([topic, each]) => ({
      topic: this.#names.events(topic),
      messages: each.map(eventMessage),
    }));
    if (batches.length > 0) await this.#sender.send(batches, signal);
  }

  async subscribe(subscription: SubscribeOptions): Promise<void> {
    const { group, signal } = subscription;
    signal.throwIfAborted();
    const consumer = new GroupConsumer({
      kafka: this.#kafka,
      names: this.#names,
      subscription,
      onError: this.#onError,
      bury: (event, { attempts, error }) =>
        this.deadLetters.bury({
          id: deadLetterId(group, event.id),
          group,
          topic: eventTable[event.type].topic,
          event,
          error,
          attempts,
          failedAt: new Date().toISOString(),
        }),
    });
    this.#consumers.set(consumer, undefined);
    signal.addEventListener("abort", () => void this.#stop(consumer), { once: true });
    try {
      await consumer.start();
    } catch (error) {
      this.#consumers.delete(consumer);
      throw error;
    }
  }

  /** Stops a consumer once, whoever asks. */
  #stop(consumer: GroupConsumer): Promise<void> {
    const stopping =
      this.#consumers.get(consumer) ??
      consumer
        .stop()
        .catch(this.#onError)
        .finally(() => this.#consumers.delete(consumer));
    this.#consumers.set(consumer, stopping);
    return stopping;
  }

  /** All tails of a process share one reader. */
  async tail({ topics, onEvent, signal }: Parameters<EventBus["tail"]>[0]): Promise<void> {
    if (signal.aborted) return;
    this.#tailReader ??= this.#startTailReader();
    await this.#tailReader;
    const tail: Tail = { topics: new Set(topics), onEvent };
    this.#tails.add(tail);
    signal.addEventListener("abort", () => this.#tails.delete(tail), { once: true });
  }

  async #startTailReader(): Promise<LogReader> {
    const reader = new LogReader({
      kafka: this.#kafka,
      admin: () => this.#admin(),
      names: this.#names,
      topics: this.#names.allEvents,
      from: "end",
      onBatch: (batch) => this.#show(batch),
      onError: this.#onError,
    });
    try {
      await reader.start();
      return reader;
    } catch (error) {
      this.#tailReader = undefined;
      throw error;
    }
  }

  #show(batch: Batch): void {
    for (const message of batch.messages) {
      try {
        const event = eventOf(message);
        for (const tail of this.#tails) if (tail.topics.has(eventTable[event.type].topic)) tail.onEvent(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  /** Committed against the end of every topic that the group reads. */
  async lag(group: string): Promise<number> {
    const admin = await this.#admin();
    const topics = [...eventTopics.map((topic) => this.#names.events(topic)), this.#names.replays];
    const committed = await askKafka(() => admin.fetchOffsets({ groupId: this.#names.group(group), topics }));
    const lags = await Promise.all(
      committed
        // A group has committed something in each topic that it reads and that holds anything.
        .filter(({ partitions }) => partitions.some(({ offset }) => offset !== "-1"))
        .map(async ({ topic, partitions }) => {
          const offsets = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
          const ends = await askKafka(() => admin.fetchTopicOffsets(topic));
          return ends.reduce((sum, { partition, low, high }) => {
            const offset = offsets.get(partition) ?? "-1";
            return sum + Number(BigInt(high) - BigInt(offset === "-1" ? low : offset));
          }, 0);
        }),
    );
    return lags.reduce((sum, lag) => sum + lag, 0);
  }

  async close(): Promise<void> {
    this.#tails.clear();
    const reader = this.#tailReader?.then((each) => each.stop());
    await Promise.allSettled([...[...this.#consumers.keys()].map((each) => this.#stop(each)), reader]);
    await Promise.allSettled([this.deadLetters.close(), this.#sender.close()]);
    await this.#connectedAdmin?.then((admin) => admin.disconnect()).catch(() => undefined);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
