import { randomUUID } from "node:crypto";
import type { Batch, Kafka } from "kafkajs";
import { ConsumerLoop } from "./consumer-loop.ts";
import type { TopicNames } from "./topic-names.ts";

/** Reads whole topics for this process alone, in a group of its own that Kafka forgets when it is gone: it commits nothing. */
export function logReader(options: {
  kafka: Kafka;
  names: TopicNames;
  topics: readonly string[];
  fromBeginning: boolean;
  /** It begins anew: at the beginning of the log, or at its end. */
  onStart: () => void;
  onBatch: (batch: Batch) => void;
  onError: (error: unknown) => void;
}): ConsumerLoop {
  const { kafka, names, topics, fromBeginning, onStart, onBatch, onError } = options;
  return new ConsumerLoop({
    kafka,
    groupId: names.group(`reader-${randomUUID()}`),
    topics,
    fromBeginning,
    onJoin: onStart,
    onBatch: ({ batch }) => onBatch(batch),
    onError,
  });
}
