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

/** The same trace, a new span: for what follows from something traced. Text that is no trace context begins a new trace. */
export function childOf(traceparent: string | undefined): string {
  const trace = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(traceparent ?? "");
  return trace === null ? newTraceparent() : `00-${trace[1]}-${randomBytes(8).toString("hex")}-${trace[2]}`;
}

/** W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header */
export function newTraceparent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
}
