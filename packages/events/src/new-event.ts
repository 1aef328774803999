import { newId, type AnyEvent, type EventData, type EventType } from "@cloudsmith/contracts";
import { randomBytes } from "node:crypto";

/** A new event. `partitionkey` orders it: events with one key are handled one after the other. */
export function newEvent<T extends EventType>(
  type: T,
  data: EventData<T>,
  options: { partitionkey: string; traceparent?: string; source?: string },
): AnyEvent {
  const event = {
    specversion: "1.0" as const,
    id: newId("event"),
    source: options.source ?? "cloudsmith",
    type,
    time: new Date().toISOString(),
    datacontenttype: "application/json" as const,
    partitionkey: options.partitionkey,
    traceparent: options.traceparent ?? newTraceparent(),
    data,
  };
  // `type` and `data` are paired by T, which the union of all events cannot express.
  return event as unknown as AnyEvent;
}

/** W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header */
function newTraceparent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
}
