import { eventTable, parseEvent, type AnyEvent } from "@cloudsmith/contracts";
import { createHash } from "node:crypto";
import type { IHeaders, KafkaMessage, Message } from "kafkajs";
import type { DeadLetter } from "../bus.ts";

// CloudEvents' Kafka binding, structured mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
const contentType = { "content-type": "application/cloudevents+json; charset=UTF-8" };

export function eventMessage(event: AnyEvent): Message {
  return { key: event.partitionkey, value: JSON.stringify(event), headers: contentType };
}

/** Throws for a record that is no event of ours. */
export function eventOf(message: KafkaMessage): AnyEvent {
  return parseEvent(JSON.parse(message.value?.toString("utf8") ?? "null"));
}

export function replayMessage(letter: DeadLetter): Message {
  return { ...eventMessage(letter.event), headers: { ...contentType, group: letter.group } };
}

/** The group that a replayed record is for. */
export function groupOf(message: KafkaMessage): string {
  return header(message.headers, "group");
}

/** A group's dead letter of an event has one id, so that one buried twice (a crash between burying and committing) is one letter. */
export function deadLetterId(group: string, eventId: string): string {
  return `dlq_${createHash("sha256").update(`${group}\n${eventId}`).digest("hex").slice(0, 26)}`;
}

export function deadLetterMessage(letter: DeadLetter): Message {
  return {
    key: letter.id,
    value: JSON.stringify(letter.event),
    headers: {
      ...contentType,
      group: letter.group,
      error: letter.error.slice(0, 4000),
      attempts: String(letter.attempts),
      "original-topic": letter.topic,
      "failed-at": letter.failedAt,
    },
  };
}

export function deadLetterOf(message: KafkaMessage): DeadLetter {
  const event = eventOf(message);
  const { headers } = message;
  return {
    id: message.key?.toString("utf8") ?? "",
    group: header(headers, "group"),
    topic: eventTable[event.type].topic,
    event,
    error: header(headers, "error"),
    attempts: Number(header(headers, "attempts")),
    failedAt: header(headers, "failed-at"),
  };
}

function header(headers: IHeaders | undefined, name: string): string {
  const value = headers?.[name];
  return (Array.isArray(value) ? value[0] : value)?.toString() ?? "";
}
