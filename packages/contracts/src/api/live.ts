import { eventIterator } from "@orpc/contract";
import * as z from "zod";
import { Deployment, TimelineEntry } from "../entities.ts";
import { ErrorBody } from "../errors.ts";
import { deploymentLogs, LogLineView } from "./logs.ts";
import { procedure } from "./procedure.ts";
import { Done } from "./views.ts";

/** What a window or command wants to be told. `key` is the caller's name for it and comes back on each message. */
export const Subscription = z.discriminatedUnion("type", [
  /** Timeline of a deployment from entry `after` on, and its log if asked; ends once it has settled and all was sent. */
  z.object({
    type: z.literal("deployment"),
    key: z.string().max(80),
    deployment: z.string(),
    after: z.number().int().nonnegative().default(0),
    logs: z.boolean().default(false),
  }),
  /** One log of a deployment from position `after` on; ends once no line can follow. */
  z.object({
    type: z.literal("log"),
    key: z.string().max(80),
    deployment: z.string(),
    part: z.enum(deploymentLogs),
    after: z.number().int().min(-1).default(-1),
  }),
  /** Run-time log of an environment, also across releases. `last` lines come first when there is no position to resume from. */
  z.object({
    type: z.literal("run-log"),
    key: z.string().max(80),
    project: z.string(),
    environment: z.string().default("production"),
    last: z.number().int().min(0).max(1000).default(50),
  }),
  /** Notices that something of the team changed: read it again. */
  z.object({ type: z.literal("team"), key: z.string().max(80) }),
]);
export type Subscription = z.infer<typeof Subscription>;

export const LiveMessage = z.discriminatedUnion("type", [
  /** First message of a stream; `stream` names it for `live.change`. */
  z.object({ type: z.literal("open"), stream: z.string() }),
  z.object({
    type: z.literal("timeline"),
    key: z.string(),
    entry: TimelineEntry,
    deployment: Deployment,
  }),
  z.object({
    type: z.literal("log"),
    key: z.string(),
    part: z.enum([...deploymentLogs, "run"]),
    source: z.string(),
    lines: z.array(LogLineView),
  }),
  z.object({
    type: z.literal("changed"),
    key: z.string(),
    projectId: z.string().nullable(),
    environmentId: z.string().nullable(),
    deploymentId: z.string().nullable(),
  }),
  /** This subscription cannot be served, say because what it names is not there; its `end` follows, the others go on. */
  z.object({ type: z.literal("failed"), key: z.string(), error: ErrorBody }),
  z.object({ type: z.literal("end"), key: z.string() }),
  z.object({ type: z.literal("ping") }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;

export const live = {
  /** Messages carry event ids; a client that reconnects with the last id gets the rest, without a gap or a duplicate. */
  open: procedure("logs.read", "POST", "/live", "The one live stream of a window or command")
    .input(z.object({ subscriptions: z.array(Subscription).max(100) }))
    .output(eventIterator(LiveMessage)),
  change: procedure("logs.read", "PATCH", "/live/{stream}", "Add and remove subscriptions of an open stream")
    .input(
      z.object({
        stream: z.string(),
        add: z.array(Subscription).max(100).default([]),
        remove: z.array(z.string().max(80)).max(100).default([]),
      }),
    )
    .output(Done),
};
