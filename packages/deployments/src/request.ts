import {
  CloudSmithError,
  newId,
  type Actor,
  type Deployment,
  type Environment,
  type PlanSettings,
  type Project,
  type SourceRef,
} from "@cloudsmith/contracts";
import { childOf } from "@cloudsmith/events";
import type { Check, Put, Store, Stored } from "@cloudsmith/store";
import { configurationOf, newSnapshot, withoutRevoked } from "./configuration.ts";
import { createDeployment, moveDeployment, type DeploymentChange } from "./move.ts";
import { retryOnConflict } from "./retry-on-conflict.ts";
import { unsettledOf } from "./unsettled.ts";

export interface DeploymentRequest {
  readonly project: Project;
  readonly environment: Pick<Environment, "id" | "teamId">;
  readonly trigger: Deployment["trigger"];
  readonly requestedBy: Actor;
  readonly flags?: PlanSettings | undefined;
  /** Default: the project's. */
  readonly source?: SourceRef | undefined;
  /** A settled or running deployment whose source is deployed again: `source` builds it anew with the configuration of now, `artifact` runs what it built with the configuration of then. */
  readonly reuse?: { readonly deployment: Deployment; readonly what: "source" | "artifact" } | undefined;
  /** Idempotency key: the same key for the same environment answers with the first deployment. */
  readonly requestKey?: string | undefined;
  /** W3C trace context of the caller. */
  readonly traceparent?: string | undefined;
}

/**
 * Asks for a deployment: takes the environment's next sequence, freezes its configuration, and supersedes the older ones
 * that still wait in the queue, in one commit. Throws `not-found` where the environment is gone, `conflict` where its project is being destroyed.
 */
export function requestDeployment(
  store: Store,
  request: DeploymentRequest,
  now: () => Date = () => new Date(),
): Promise<Deployment> {
  return retryOnConflict(async () => {
    const earlier = await byRequestKey(store, request);
    if (earlier !== undefined) return earlier;
    const { environment, project } = await liveEnvironment(store, request);
    const reused = request.reuse?.deployment;
    if (reused !== undefined) await refuseCollected(store, reused);
    const at = now();
    const { snapshot, warnings } = await snapshotFor(store, request, environment.value, at);
    const value = newDeployment(request, environment.value, snapshot.id, warnings, at);
    const fromArtifact = value.artifact !== null;
    const change = createDeployment(value, {
      now: at,
      entry: { type: "state", message: describe(request) },
      also: [fromArtifact ? "deployment.built" : "deployment.queued"],
    });
    const superseded = await supersedeQueued(store, environment.value, value, at);
    await store.commit({
      checks: [
        // A destroy that begins at this moment must not leave a deployment behind.
        { entity: "project", value: project.value, if: { version: project.version } },
        // One that is collected at this moment takes with it what this one would use.
        ...(reused === undefined ? [] : [{ entity: "deployment", value: reused, if: "present" } satisfies Check]),
      ],
      puts: [
        {
          entity: "environment",
          if: { version: environment.version },
          value: nextEnvironment(environment.value, request),
        },
        { entity: "snapshot", value: snapshot, if: "absent" },
        ...change.puts,
        ...requestKeyClaim(request, value),
        ...superseded.flatMap((each) => each.puts),
      ],
      events: [...change.events, ...superseded.flatMap((each) => each.events)],
    });
    return value;
  });
}

async function refuseCollected(store: Store, reused: Deployment): Promise<void> {
  if ((await store.get("deployment", reused)) !== undefined) return;
  throw new CloudSmithError("not-found", `Deployment #${reused.sequence} is not kept any more`, {
    fix: "Choose a newer one, or deploy its commit again",
  });
}

async function liveEnvironment(
  store: Store,
  request: DeploymentRequest,
): Promise<{ environment: Stored<"environment">; project: Stored<"project"> }> {
  const environment = await store.get("environment", request.environment);
  const project = await store.get("project", request.project);
  if (environment === undefined || project === undefined)
    throw new CloudSmithError("not-found", "There is no such environment");
  if (project.value.state === "destroying") {
    throw new CloudSmithError("conflict", `${project.value.name} is being destroyed`, {
      fix: "Wait until it is gone, then deploy it as a new project",
    });
  }
  return { environment, project };
}

function nextEnvironment(environment: Environment, request: DeploymentRequest): Environment {
  const sequence = environment.sequence + 1;
  // A rollback pauses automatic deployments until a person resumes them; deploying anew brings a stopped environment up.
  return {
    ...environment,
    sequence,
    desired: "running",
    ...(request.trigger === "rollback" && { automaticDeployments: "paused" as const }),
  };
}

async function snapshotFor(store: Store, request: DeploymentRequest, environment: Environment, now: Date) {
  const reuse = request.reuse;
  if (reuse?.what !== "artifact")
    return { snapshot: newSnapshot(environment, configurationOf(request.project, environment), now), warnings: [] };
  const then = await store.get("snapshot", { teamId: environment.teamId, id: reuse.deployment.snapshotId });
  if (then === undefined)
    throw new CloudSmithError("nothing-to-roll-back", "The configuration of that deployment is gone", {
      fix: "Deploy its commit again instead",
    });
  const { configuration, replaced, removed } = await withoutRevoked(store, then.value, {
    teamId: environment.teamId,
    environmentId: environment.id,
  });
  const warnings = [
    ...replaced.map((name) => ({
      code: "secret-replaced",
      message: `${name} was revoked since; its successor is used`,
    })),
    ...removed.map((name) => ({
      code: "secret-removed",
      message: `${name} was revoked since and has no successor; it is not set`,
      fix: `Set it again and redeploy: cloudsmith secret set ${name}`,
    })),
  ];
  return { snapshot: newSnapshot(environment, configuration, now), warnings };
}

function newDeployment(
  request: DeploymentRequest,
  environment: Environment,
  snapshotId: string,
  warnings: Deployment["warnings"],
  now: Date,
): Deployment {
  const before = request.reuse?.deployment;
  const artifact = request.reuse?.what === "artifact" ? before : undefined;
  const at = now.toISOString();
  return {
    id: newId("deployment"),
    teamId: environment.teamId,
    projectId: environment.projectId,
    environmentId: environment.id,
    sequence: environment.sequence + 1,
    state: "queued",
    trigger: request.trigger,
    requestedBy: request.requestedBy,
    source: request.source ?? before?.source ?? request.project.source,
    flags: request.flags ?? artifact?.flags ?? {},
    snapshotId,
    sourceId: before?.sourceId ?? null,
    commit: before?.commit ?? null,
    plan: artifact?.plan ?? null,
    buildId: artifact?.buildId ?? null,
    buildReused: artifact !== undefined,
    artifact: artifact?.artifact ?? null,
    releaseId: null,
    reuses: before?.id ?? null,
    stageTimes: [{ stage: "queued", startedAt: at, finishedAt: null }],
    failure: null,
    warnings,
    cancelRequested: false,
    supersededBy: null,
    timeline: 1,
    traceparent: childOf(request.traceparent),
    requestKey: request.requestKey ?? null,
    createdAt: at,
    settledAt: null,
  };
}

function describe(request: DeploymentRequest): string {
  const before = request.reuse?.deployment;
  if (request.trigger === "rollback" && before !== undefined) return `Rollback to deployment ${before.sequence}`;
  if (before !== undefined) return `Deployment ${before.sequence} again`;
  return "Deployment requested";
}

/** Older deployments that wait in the queue lose their place to the new one. */
async function supersedeQueued(
  store: Store,
  environment: Environment,
  by: Deployment,
  now: Date,
): Promise<DeploymentChange[]> {
  const older = await unsettledOf(store, environment);
  return older
    .filter((each) => each.value.state === "queued")
    .slice(0, 20)
    .map((each) =>
      moveDeployment(
        each,
        { type: "supersede" },
        {
          now,
          patch: { supersededBy: by.id },
          entry: { type: "state", message: `Superseded by deployment ${by.sequence} before it began` },
        },
      ),
    );
}

const keyScope = (request: DeploymentRequest): string => `request-key#${request.environment.id}`;

function requestKeyClaim(request: DeploymentRequest, deployment: Deployment): Put[] {
  if (request.requestKey === undefined) return [];
  return [
    {
      entity: "claim",
      if: "absent",
      value: { teamId: deployment.teamId, scope: keyScope(request), name: request.requestKey, owner: deployment.id },
    },
  ];
}

async function byRequestKey(store: Store, request: DeploymentRequest): Promise<Deployment | undefined> {
  if (request.requestKey === undefined) return undefined;
  const { teamId } = request.environment;
  const claim = await store.get("claim", { teamId, scope: keyScope(request), name: request.requestKey });
  return claim === undefined ? undefined : (await store.get("deployment", { teamId, id: claim.value.owner }))?.value;
}
