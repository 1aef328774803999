import { CloudSmithError } from "@cloudsmith/contracts";
import type { Admin, Batch, Kafka } from "kafkajs";
import type { DeadLetter, DeadLetters } from "../bus.ts";
import { askKafka } from "./admin-calls.ts";
import { LogReader } from "./log-reader.ts";
import { deadLetterMessage, deadLetterOf, replayMessage } from "./messages.ts";
import type { Sender } from "./sender.ts";
import type { TopicNames } from "./topic-names.ts";

/** How long a look at the dead letters may take to read up to the end of their topics. */
const catchUpMs = 30_000;

/**
 * Dead letters as compacted topics: a letter is a record under its id, and one that was replayed or discarded is a tombstone. What is there now
 * is what reading the topics from their beginning leaves, so a look reads up to the end that it found; the reading goes on between looks.
 */
export class DeadLetterTopics implements DeadLetters {
  readonly #kafka: Kafka;
  readonly #names: TopicNames;
  readonly #sender: Sender;
  readonly #admin: () => Promise<Admin>;
  readonly #onError: (error: unknown) => void;
  readonly #letters = new Map<string, DeadLetter>();
  #progress = Promise.withResolvers<void>();
  #reader: Promise<LogReader> | undefined;

  constructor(options: {
    kafka: Kafka;
    names: TopicNames;
    sender: Sender;
    admin: () => Promise<Admin>;
    onError: (error: unknown) => void;
  }) {
    this.#kafka = options.kafka;
    this.#names = options.names;
    this.#sender = options.sender;
    this.#admin = options.admin;
    this.#onError = options.onError;
  }

  async bury(letter: DeadLetter): Promise<void> {
    await this.#sender.send([{ topic: this.#names.deadLetters(letter.topic), messages: [deadLetterMessage(letter)] }]);
  }

  async list({ limit = 100, cursor = "" }: { limit?: number; cursor?: string } = {}): Promise<{
    items: readonly DeadLetter[];
    cursor?: string;
  }> {
    await this.#catchUp();
    const place = (letter: DeadLetter): string => `${letter.failedAt} ${letter.id}`;
    const rest = [...this.#letters.values()]
      .filter((letter) => place(letter) > cursor)
      .toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(rest.length > limit && last !== undefined && { cursor: place(last) }) };
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    await this.#catchUp();
    return this.#letters.get(id);
  }

  async replay(id: string): Promise<void> {
    const letter = await this.#found(id);
    // In this order: a crash in between replays it twice, never not at all.
    await this.#sender.send([{ topic: this.#names.replays, messages: [replayMessage(letter)] }]);
    await this.#bury(letter);
  }

  async discard(id: string): Promise<void> {
    await this.#bury(await this.#found(id));
  }

  async #bury(letter: DeadLetter): Promise<void> {
    const tombstone = { key: letter.id, value: null };
    await this.#sender.send([{ topic: this.#names.deadLetters(letter.topic), messages: [tombstone] }]);
  }

  async #found(id: string): Promise<DeadLetter> {
    const letter = await this.get(id);
    if (letter === undefined)
      throw new CloudSmithError("not-found", `There is no dead letter ${id}`, {
        fix: "List them: cloudsmith events dlq",
      });
    return letter;
  }

  /** Reads up to where the topics end now. */
  async #catchUp(): Promise<void> {
    this.#reader ??= this.#startReader();
    const reader = await this.#reader;
    const admin = await this.#admin();
    const ends = await Promise.all(
      this.#names.allDeadLetters.map(async (topic) => ({
        topic,
        partition: (await askKafka(() => admin.fetchTopicOffsets(topic)))[0],
      })),
    );
    const giveUp = AbortSignal.timeout(catchUpMs);
    for (const { topic, partition } of ends) {
      if (partition === undefined || partition.low === partition.high) continue;
      while (reader.position(topic, 0) < BigInt(partition.high)) await this.#moved(giveUp);
    }
  }

  async #moved(giveUp: AbortSignal): Promise<void> {
    const late = Promise.withResolvers<never>();
    const stop = (): void =>
      late.reject(
        new CloudSmithError("deadline-exceeded", `Reading the dead letters took longer than ${catchUpMs} ms`),
      );
    if (giveUp.aborted) stop();
    giveUp.addEventListener("abort", stop, { once: true });
    try {
      await Promise.race([this.#progress.promise, late.promise]);
    } finally {
      giveUp.removeEventListener("abort", stop);
    }
  }

  async #startReader(): Promise<LogReader> {
    const reader = new LogReader({
      kafka: this.#kafka,
      admin: this.#admin,
      names: this.#names,
      topics: this.#names.allDeadLetters,
      from: "beginning",
      onBatch: (batch) => this.#read(batch),
      onError: this.#onError,
    });
    try {
      await reader.start();
      return reader;
    } catch (error) {
      this.#reader = undefined;
      throw error;
    }
  }

  #read(batch: Batch): void {
    for (const message of batch.messages) {
      if (message.value === null) this.#letters.delete(message.key?.toString("utf8") ?? "");
      else this.#keep(() => deadLetterOf(message));
    }
    const moved = this.#progress;
    this.#progress = Promise.withResolvers<void>();
    // The reader moves its position after this call; those who wait look again after that.
    moved.resolve();
  }

  #keep(parse: () => DeadLetter): void {
    try {
      const letter = parse();
      this.#letters.set(letter.id, letter);
    } catch (error) {
      this.#onError(error);
    }
  }

  async close(): Promise<void> {
    await (await this.#reader)?.stop();
  }
}
