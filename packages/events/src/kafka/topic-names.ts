import { topics as eventTopics, type Topic } from "@cloudsmith/contracts";
import type { Admin, ITopicConfig } from "kafkajs";

const dayMs = 24 * 3600 * 1000;

/** Names of what the bus keeps in Kafka; the prefix keeps installations that share a cluster apart. */
export class TopicNames {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  events(topic: Topic): string {
    return `${this.#prefix}${topic}`;
  }

  get allEvents(): string[] {
    return eventTopics.map((topic) => this.events(topic));
  }

  /** Dead letters of a topic. Compacted: the key is the letter's id, and a letter that was replayed or discarded is a tombstone. */
  deadLetters(topic: Topic): string {
    return `${this.events(topic)}.dlq`;
  }

  get allDeadLetters(): string[] {
    return eventTopics.map((topic) => this.deadLetters(topic));
  }

  /** Dead letters on their way back to one group, which each record names: publishing them again would give them to every group. */
  get replays(): string {
    return `${this.#prefix}cloudsmith.replays.v1`;
  }

  get all(): string[] {
    return [...this.allEvents, ...this.allDeadLetters, this.replays];
  }

  group(name: string): string {
    return `${this.#prefix}${name}`;
  }
}

/** Creates the topics that are absent; those that are there stay as they are. */
export async function createTopics(
  admin: Admin,
  names: TopicNames,
  options: { partitions: number; replicas: number },
): Promise<void> {
  const wanted = [
    ...[...names.allEvents, names.replays].map((topic) =>
      config(topic, options.partitions, options.replicas, 7, "delete"),
    ),
    // One partition, so that a letter and its tombstone are read in their order whatever the number of partitions becomes.
    ...names.allDeadLetters.map((topic) => config(topic, 1, options.replicas, 30, "compact,delete")),
  ];
  const present = new Set(await admin.listTopics());
  const topics = wanted.filter(({ topic }) => !present.has(topic));
  // Another process may create them at the same moment: then this one answers false, and they are there.
  if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
}

function config(topic: string, partitions: number, replicas: number, days: number, cleanup: string): ITopicConfig {
  return {
    topic,
    numPartitions: partitions,
    replicationFactor: replicas,
    configEntries: [
      { name: "cleanup.policy", value: cleanup },
      { name: "retention.ms", value: String(days * dayMs) },
    ],
  };
}
