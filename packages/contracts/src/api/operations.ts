import * as z from "zod";
import { Activity } from "../entities.ts";
import { procedure } from "./procedure.ts";
import { Done, EnvironmentAddress, pageOf, PageInput } from "./views.ts";

const DeadLetterView = z.object({
  id: z.string(),
  group: z.string(),
  type: z.string(),
  subject: z.string(),
  error: z.string(),
  attempts: z.number().int(),
  failedAt: z.string(),
  event: z.unknown(),
});

export const events = {
  status: procedure("events.read", "GET", "/events", "Consumer groups and what they have not handled yet").output(
    z.array(z.object({ group: z.string(), lag: z.number().int(), deadLetters: z.number().int() })),
  ),
  deadLetters: procedure("events.read", "GET", "/events/dead-letters", "Events whose handler failed too often")
    .input(PageInput)
    .output(pageOf(DeadLetterView)),
  replay: procedure(
    "events.write",
    "POST",
    "/events/dead-letters/{id}/replay",
    "Hand a dead letter to its handler again",
  )
    .input(z.object({ id: z.string() }))
    .output(Done),
  discard: procedure("events.write", "DELETE", "/events/dead-letters/{id}", "Drop a dead letter")
    .input(z.object({ id: z.string() }))
    .output(Done),
};

export const activity = {
  list: procedure("activity.read", "GET", "/activity", "Who did what, newest first")
    .input(
      PageInput.extend({
        project: z.string().optional(),
        actor: z.string().optional().describe("id of who did it"),
        action: z.string().optional().describe("a group of actions, `deployments`, or one, `deployments.rollback`"),
      }),
    )
    .output(pageOf(Activity)),
};

export const MetricPoint = z.object({
  at: z.string(),
  requests: z.number(),
  status2xx: z.number(),
  status3xx: z.number(),
  status4xx: z.number(),
  status5xx: z.number(),
  latencyMsP50: z.number().nullable(),
  latencyMsP95: z.number().nullable(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  cpuPercent: z.number().nullable(),
  memoryMb: z.number().nullable(),
});

export type MetricPoint = z.infer<typeof MetricPoint>;

export const metrics = {
  query: procedure(
    "logs.read",
    "GET",
    "/projects/{project}/environments/{environment}/metrics",
    "Requests, latency, status classes, CPU and memory over time",
  )
    .input(
      EnvironmentAddress.extend({
        since: z.iso.datetime(),
        until: z.iso.datetime().optional(),
        stepSeconds: z.coerce.number().int().min(10).default(60),
      }),
    )
    .output(z.array(MetricPoint)),
  top: procedure("logs.read", "GET", "/top", "What each live release uses now").output(
    z.array(
      z.object({
        project: z.string(),
        environment: z.string(),
        state: z.string(),
        url: z.string().nullable(),
        cpuPercent: z.number().nullable(),
        memoryMb: z.number().nullable(),
        requestsPerMinute: z.number(),
        errorsPerMinute: z.number(),
        latencyMsP95: z.number().nullable(),
        restarts: z.number(),
      }),
    ),
  ),
};
