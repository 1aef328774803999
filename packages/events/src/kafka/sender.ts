import { Partitioners, type Kafka, type Producer, type TopicMessages } from "kafkajs";

/** Sends records; resolves when all in-sync replicas have them. */
export class Sender {
  readonly #kafka: Kafka;
  #producer: Promise<Producer> | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Rejects after the client's retries, and when the signal aborts; the records may be stored all the same, so send them again. */
  async send(topicMessages: TopicMessages[], signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#producer ??= connect(this.#kafka);
    const mine = this.#producer;
    const sent = mine.then((producer) => producer.sendBatch({ topicMessages, acks: -1 }));
    const aborted = Promise.withResolvers<never>();
    const stop = (): void => aborted.reject(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await Promise.race([sent, aborted.promise]);
    } catch (error) {
      // A producer that failed has lost count of its sequence numbers: the next send gets a new one.
      if (this.#producer === mine) this.#producer = undefined;
      void sent.catch(() => undefined);
      void disconnect(mine);
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  async close(): Promise<void> {
    if (this.#producer !== undefined) await disconnect(this.#producer);
  }
}

async function connect(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    idempotent: true,
    // One at a time keeps the order when a send is tried again.
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
}

async function disconnect(producer: Promise<Producer>): Promise<void> {
  // It is thrown away: whether it says goodbye or its connection is broken already makes no difference.
  await producer.then((each) => each.disconnect()).catch(() => undefined);
}
