import {
  CloudSmithError,
  isSettled,
  nextState,
  type AnyEvent,
  type Deployment,
  type DeploymentStep,
  type EventType,
  type Stage,
  type TimelineEntry,
} from "@cloudsmith/contracts";
import { childOf, newEvent } from "@cloudsmith/events";
import type { Put, Stored } from "@cloudsmith/store";

/** The writes that change one deployment: itself, its timeline, its events. They go into one commit. */
export interface DeploymentChange {
  readonly value: Deployment;
  readonly puts: readonly Put[];
  readonly events: readonly AnyEvent[];
}

interface Entry {
  readonly type: TimelineEntry["type"];
  readonly message: string;
}

interface ChangeOptions {
  readonly now: Date;
  readonly entry: Entry;
  /** Fields that change with it. */
  readonly patch?: Partial<Deployment>;
  /** Events besides `deployment.changed`. */
  readonly also?: readonly DeploymentEventType[];
}

type DeploymentEventType = Extract<EventType, `deployment.${string}`>;

/** Takes a deployment one step on. Throws `illegal-transition`, or `already-settled` for one that has ended. */
export function moveDeployment(
  stored: Stored<"deployment">,
  step: DeploymentStep,
  options: ChangeOptions,
): DeploymentChange {
  const before = stored.value;
  const state = nextState(before.state, step);
  if (state === undefined) {
    throw new CloudSmithError(
      isSettled(before.state) ? "already-settled" : "illegal-transition",
      `Deployment ${before.id} is ${before.state}`,
      {
        why: `A deployment that is ${before.state} cannot ${step.type === "advance" ? `go to ${step.to}` : step.type}`,
        fix: "Look at it again: `cloudsmith status`",
      },
    );
  }
  const at = options.now.toISOString();
  const settled = isSettled(state);
  return changeDeployment(stored, {
    ...options,
    patch: {
      ...options.patch,
      state,
      stageTimes: nextStageTimes(before, settled ? null : state, at),
      settledAt: settled ? at : null,
    },
  });
}

function nextStageTimes(before: Deployment, stage: Stage | null, at: string): Deployment["stageTimes"] {
  const closed = before.stageTimes.map((time) => (time.finishedAt === null ? { ...time, finishedAt: at } : time));
  return stage === null ? closed : [...closed, { stage, startedAt: at, finishedAt: null }];
}

/** Changes fields of a deployment without moving it, with an entry in its timeline. */
export function changeDeployment(stored: Stored<"deployment">, options: ChangeOptions): DeploymentChange {
  const value: Deployment = { ...stored.value, ...options.patch, timeline: stored.value.timeline + 1 };
  return {
    value,
    puts: [{ entity: "deployment", value, if: { version: stored.version } }, timelinePut(value, options)],
    events: ["deployment.changed" as const, ...(options.also ?? [])].map((type) =>
      deploymentEvent(type, value, stored.version + 1),
    ),
  };
}

/** The first entry of a timeline, for a deployment that is being created. */
export function createDeployment(
  value: Deployment,
  options: Pick<ChangeOptions, "now" | "entry" | "also">,
): DeploymentChange {
  return {
    value,
    puts: [{ entity: "deployment", value, if: "absent" }, timelinePut(value, options)],
    events: ["deployment.changed" as const, ...(options.also ?? [])].map((type) => deploymentEvent(type, value, 1)),
  };
}

function timelinePut(value: Deployment, options: Pick<ChangeOptions, "now" | "entry">): Put {
  const { teamId, id: deploymentId, timeline: number, state } = value;
  return {
    entity: "timelineEntry",
    value: { teamId, deploymentId, number, state, at: options.now.toISOString(), ...options.entry },
    if: "absent",
  };
}

function deploymentEvent(type: DeploymentEventType, value: Deployment, version: number): AnyEvent {
  const { teamId, projectId, environmentId, id: deploymentId, state } = value;
  return newEvent(
    type,
    { teamId, projectId, environmentId, deploymentId, state, version },
    { partitionkey: environmentId, traceparent: childOf(value.traceparent) },
  );
}
