import type { AnyEvent, Environment } from "@cloudsmith/contracts";
import { newEvent } from "@cloudsmith/events";

/** Says that an environment was changed by a commit that gives it this version. */
export function environmentChanged(environment: Environment, version: number): AnyEvent {
  const { teamId, projectId, id: environmentId } = environment;
  return newEvent(
    "environment.changed",
    { teamId, projectId, environmentId, version },
    { partitionkey: environmentId },
  );
}
