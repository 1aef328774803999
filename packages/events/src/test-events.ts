import { newId, type AnyEvent } from "@cloudsmith/contracts";
import type { RetryPolicy } from "./bus.ts";
import { newEvent } from "./new-event.ts";

/** Events for tests, told apart by their source. */

const teamId = newId("team");

/** Of the topic `cloudsmith.audit.v1`. */
export function auditEvent(partitionkey: string, source: string): AnyEvent {
  return newEvent("activity.recorded", { teamId, projectId: null, activityId: "act_1" }, { partitionkey, source });
}

/** Of the topic `cloudsmith.source.v1`. */
export function projectEvent(partitionkey: string, source: string): AnyEvent {
  return newEvent("project.changed", { teamId, projectId: newId("project") }, { partitionkey, source });
}

/** Retries without long pauses. */
export const quickRetries: RetryPolicy = { attempts: 3, firstMs: 1, maxMs: 5, attemptMs: 30_000 };
