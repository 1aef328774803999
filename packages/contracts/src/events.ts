import * as z from "zod";
import { buildStates } from "./entities.ts";
import { deploymentStates } from "./deployment-state.ts";
import { BuildId, DeploymentId, EnvironmentId, ProjectId, ReleaseId, TeamId } from "./ids.ts";

export const topics = [
  "cloudsmith.source.v1",
  "cloudsmith.builds.v1",
  "cloudsmith.releases.v1",
  "cloudsmith.logs.v1",
  "cloudsmith.audit.v1",
] as const;
export type Topic = (typeof topics)[number];

const scope = { teamId: TeamId, projectId: ProjectId };
const ofDeployment = z.object({
  ...scope,
  environmentId: EnvironmentId,
  deploymentId: DeploymentId,
  state: z.enum(deploymentStates),
  version: z.number().int(),
});

/** Every event: its topic and its data. Data carry ids and versions; a consumer reads the state again. */
export const eventTable = {
  "deployment.queued": { topic: "cloudsmith.builds.v1", data: ofDeployment },
  "deployment.built": { topic: "cloudsmith.releases.v1", data: ofDeployment },
  "deployment.changed": { topic: "cloudsmith.releases.v1", data: ofDeployment },
  "deployment.cancel-requested": { topic: "cloudsmith.releases.v1", data: ofDeployment },
  "build.queued": { topic: "cloudsmith.builds.v1", data: z.object({ ...scope, buildId: BuildId }) },
  "build.finished": {
    topic: "cloudsmith.builds.v1",
    data: z.object({ ...scope, buildId: BuildId, state: z.enum(buildStates) }),
  },
  "environment.changed": {
    topic: "cloudsmith.releases.v1",
    data: z.object({ ...scope, environmentId: EnvironmentId, version: z.number().int() }),
  },
  "release.changed": {
    topic: "cloudsmith.releases.v1",
    data: z.object({ ...scope, environmentId: EnvironmentId, releaseId: ReleaseId }),
  },
  "project.changed": { topic: "cloudsmith.source.v1", data: z.object({ ...scope }) },
  "activity.recorded": {
    topic: "cloudsmith.audit.v1",
    data: z.object({ teamId: TeamId, projectId: ProjectId.nullable(), activityId: z.string() }),
  },
} as const satisfies Record<string, { topic: Topic; data: z.ZodType }>;

export type EventType = keyof typeof eventTable;
export type EventData<T extends EventType> = z.infer<(typeof eventTable)[T]["data"]>;

/** A CloudEvents 1.0 event in its JSON form, https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
export interface CloudSmithEvent<T extends EventType = EventType> {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: T;
  readonly time: string;
  readonly datacontenttype: "application/json";
  /** The ordering key (CloudEvents partitioning extension): the environment's id, or the nearest wider one. */
  readonly partitionkey: string;
  /** W3C trace context of what caused it (CloudEvents distributed tracing extension). */
  readonly traceparent: string;
  readonly data: EventData<T>;
}

/** Any event of the table, told apart by `type`. */
export type AnyEvent = { [T in EventType]: CloudSmithEvent<T> }[EventType];

export const EventEnvelope = z.object({
  specversion: z.literal("1.0"),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.enum(Object.keys(eventTable) as [EventType, ...EventType[]]),
  time: z.string(),
  datacontenttype: z.literal("application/json"),
  partitionkey: z.string().min(1),
  traceparent: z.string(),
  data: z.unknown(),
});

/** Parses an event from a wire; throws a ZodError for anything that is not one of ours. */
export function parseEvent(value: unknown): AnyEvent {
  const envelope = EventEnvelope.parse(value);
  // The table pairs type and data; zod has just checked that pair, which TypeScript cannot follow through the union.
  return { ...envelope, data: eventTable[envelope.type].data.parse(envelope.data) } as AnyEvent;
}
