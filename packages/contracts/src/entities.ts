import * as z from "zod";
import { deploymentStates, stages } from "./deployment-state.ts";
import {
  BuildId,
  DeploymentId,
  Digest,
  EnvironmentId,
  Instant,
  JobId,
  ProjectId,
  ReleaseId,
  SecretVersionId,
  SnapshotId,
  SourceId,
  TeamId,
  UserId,
  idSchema,
} from "./ids.ts";
import { EnvironmentName, ProjectName, VariableName } from "./names.ts";
import { ArtifactManifest, BuildPlan, Failure, PlanSettings, PlanWarning, Serve } from "./plan.ts";
import { desiredReleaseStates, observedReleaseStates } from "./release-state.ts";

/** Who did something: a member, a program's token, or CloudSmith itself. */
export const Actor = z.object({
  type: z.enum(["user", "token", "system"]),
  id: z.string(),
  name: z.string(),
});
export type Actor = z.infer<typeof Actor>;

export const roles = ["owner", "admin", "developer", "viewer"] as const;
export type Role = (typeof roles)[number];

export const Team = z.object({ id: TeamId, name: z.string(), createdAt: Instant });
export const Member = z.object({
  teamId: TeamId,
  userId: UserId,
  role: z.enum(roles),
  createdAt: Instant,
});

/** Where a project's source comes from. `ref` is a branch, tag or commit; null is the default branch. */
export const SourceRef = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("folder"),
    path: z.string(),
    dir: z.string(),
    includeEnvFiles: z.boolean().optional(),
  }),
  z.object({
    type: z.literal("git"),
    url: z.string(),
    ref: z.string().nullable(),
    dir: z.string(),
  }),
  z.object({
    type: z.literal("github"),
    /** The base of its GitHub's pages: `https://github.com`. */
    server: z.url(),
    /** GitHub's id: it stays through renames and transfers. */
    repository: z.number().int().positive(),
    /** `owner/repo` as it was last seen; for people to read, nothing is fetched by it. */
    name: z.string().max(200),
    ref: z.string().nullable(),
    dir: z.string(),
  }),
]);
export type SourceRef = z.infer<typeof SourceRef>;

export const Project = z.object({
  id: ProjectId,
  teamId: TeamId,
  name: ProjectName,
  source: SourceRef,
  settings: PlanSettings,
  /** The credential record that its source is read with; null: the person's own Git credentials. */
  credential: idSchema("credential").nullable(),
  state: z.enum(["active", "destroying"]),
  createdAt: Instant,
});
export type Project = z.infer<typeof Project>;

export const variableScopes = ["build", "run", "both"] as const;
export const Variable = z.object({ value: z.string(), scope: z.enum(variableScopes) });
/** A secret's place in a configuration: the immutable version it names, never its value. */
export const SecretReference = z.object({
  version: SecretVersionId,
  scope: z.enum(variableScopes),
});

export const Environment = z.object({
  id: EnvironmentId,
  teamId: TeamId,
  projectId: ProjectId,
  name: EnvironmentName,
  /** The claimed host label: `shop` in `shop.localhost`. */
  host: z.string(),
  target: z.literal("local"),
  /** The sequence that was given last. */
  sequence: z.number().int().nonnegative(),
  /** The live pointer. */
  live: z.object({ deploymentId: DeploymentId, releaseId: ReleaseId, sequence: z.number().int() }).nullable(),
  desired: z.enum(desiredReleaseStates),
  /** A rollback pauses automatic deployments until a person resumes them. */
  automaticDeployments: z.enum(["on", "paused"]),
  variables: z.record(VariableName, Variable),
  secrets: z.record(VariableName, SecretReference),
  createdAt: Instant,
});
export type Environment = z.infer<typeof Environment>;

/** An immutable configuration of one deployment. */
export const Snapshot = z.object({
  id: SnapshotId,
  teamId: TeamId,
  environmentId: EnvironmentId,
  /** SHA-256 of the canonical JSON of what follows; equal digests, equal configuration. */
  digest: Digest,
  variables: z.record(VariableName, Variable),
  secrets: z.record(VariableName, SecretReference),
  settings: PlanSettings,
  createdAt: Instant,
});
export type Snapshot = z.infer<typeof Snapshot>;

export const Commit = z.object({
  sha: z.string(),
  message: z.string(),
  author: z.string(),
  at: Instant.nullable(),
});
export type Commit = z.infer<typeof Commit>;

/** An immutable snapshot of a tree in the blob store. */
export const Source = z.object({
  id: SourceId,
  teamId: TeamId,
  projectId: ProjectId,
  /** Digest of the tar.zst in the blob store. */
  digest: Digest,
  size: z.number().int().nonnegative(),
  files: z.number().int().nonnegative(),
  commit: Commit.nullable(),
  /** The folder in the source that holds the app. */
  dir: z.string(),
  notes: z.array(z.string()),
  createdAt: Instant,
});
export type Source = z.infer<typeof Source>;

export const triggers = ["manual", "redeploy", "rollback", "push", "fix"] as const;

export const StageTime = z.object({
  stage: z.enum(stages),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
});

export const Deployment = z.object({
  id: DeploymentId,
  teamId: TeamId,
  projectId: ProjectId,
  environmentId: EnvironmentId,
  sequence: z.number().int().positive(),
  state: z.enum(deploymentStates),
  trigger: z.enum(triggers),
  requestedBy: Actor,
  source: SourceRef,
  /** Settings given for this deployment alone. */
  flags: PlanSettings,
  snapshotId: SnapshotId,
  sourceId: SourceId.nullable(),
  commit: Commit.nullable(),
  plan: BuildPlan.nullable(),
  buildId: BuildId.nullable(),
  /** True where the artifact came from an earlier build. */
  buildReused: z.boolean(),
  artifact: Digest.nullable(),
  releaseId: ReleaseId.nullable(),
  /** The deployment whose artifact and snapshot a rollback or redeploy uses again. */
  reuses: DeploymentId.nullable(),
  stageTimes: z.array(StageTime),
  failure: Failure.extend({ stage: z.enum(stages) }).nullable(),
  warnings: z.array(PlanWarning),
  cancelRequested: z.boolean(),
  /** The deployment that took this one's place. */
  supersededBy: DeploymentId.nullable(),
  /** Number of the last timeline entry. */
  timeline: z.number().int().nonnegative(),
  /** W3C trace context of the request; every event of the deployment is in its trace. */
  traceparent: z.string(),
  /** The request's idempotency key: asked for twice, deployed once. */
  requestKey: z.string().nullable(),
  createdAt: Instant,
  settledAt: Instant.nullable(),
});
export type Deployment = z.infer<typeof Deployment>;
export const deploymentStatesSchema = z.enum(deploymentStates);

export const timelineTypes = [
  "state",
  "source",
  "plan",
  "build",
  "release",
  "warning",
  "failure",
  "note",
  "cancel-requested",
] as const;
export const TimelineEntry = z.object({
  teamId: TeamId,
  deploymentId: DeploymentId,
  /** 1, 2, 3, … without a gap; the resume id of a live timeline. */
  number: z.number().int().positive(),
  at: Instant,
  type: z.enum(timelineTypes),
  state: z.enum(deploymentStates),
  message: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const buildStates = ["queued", "running", "succeeded", "failed", "canceled"] as const;
export const Build = z.object({
  id: BuildId,
  teamId: TeamId,
  projectId: ProjectId,
  /** SHA-256 over source digest, plan, build variables, toolchains and platform. */
  key: Digest,
  sourceId: SourceId,
  snapshotId: SnapshotId,
  plan: BuildPlan,
  state: z.enum(buildStates),
  artifact: Digest.nullable(),
  manifest: ArtifactManifest.nullable(),
  failure: Failure.nullable(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
});
export type Build = z.infer<typeof Build>;

export const Release = z.object({
  id: ReleaseId,
  teamId: TeamId,
  projectId: ProjectId,
  environmentId: EnvironmentId,
  deploymentId: DeploymentId,
  sequence: z.number().int().positive(),
  artifact: Digest,
  snapshotId: SnapshotId,
  serve: Serve,
  desired: z.enum(desiredReleaseStates),
  /** Its files are in place and its release command has run; before that no target starts it. */
  prepared: z.boolean(),
  /** It insists on one port, so that its predecessor stops before it starts. */
  exclusive: z.boolean(),
  observed: z.object({
    state: z.enum(observedReleaseStates),
    at: Instant,
    /** The port found, null for static sites. */
    port: z.number().int().nullable(),
    restarts: z.number().int().nonnegative(),
    /** Why it is crashing: exit and the last log lines. */
    detail: z.string().nullable(),
    /** Addresses that reach this release now; null while it is not routed to. */
    url: z.string().nullable(),
    plainUrl: z.string().nullable(),
  }),
  retiredAt: Instant.nullable(),
  createdAt: Instant,
});
export type Release = z.infer<typeof Release>;

/** Metadata of one immutable version of a secret; its value is in the secret store alone. */
export const SecretVersion = z.object({
  id: SecretVersionId,
  teamId: TeamId,
  environmentId: EnvironmentId,
  name: VariableName,
  createdAt: Instant,
  createdBy: Actor,
  revokedAt: Instant.nullable(),
  successor: SecretVersionId.nullable(),
});
export type SecretVersion = z.infer<typeof SecretVersion>;

export const Activity = z.object({
  id: z.string(),
  teamId: TeamId,
  at: Instant,
  actor: Actor,
  /** A verb of the API: `deployments.create`. */
  action: z.string(),
  projectId: ProjectId.nullable(),
  subject: z.string(),
  detail: z.string(),
});
export type Activity = z.infer<typeof Activity>;

/** Names unique in an installation or a team; a claim item makes them so. */
export const Claim = z.object({
  teamId: TeamId,
  scope: z.string(),
  name: z.string(),
  owner: z.string(),
});
export type Claim = z.infer<typeof Claim>;

export const jobQueues = ["prepare", "build", "release", "destroy"] as const;
export const jobStates = ["ready", "claimed", "done", "canceled", "dead"] as const;
/** A piece of work that workers claim by compare-and-set; see `packages/deployments/src/jobs.ts`. */
export const Job = z.object({
  id: JobId,
  teamId: TeamId,
  queue: z.enum(jobQueues),
  /** What it works on: a deployment, a build or a project. */
  subject: z.string(),
  projectId: ProjectId,
  state: z.enum(jobStates),
  /** Claims so far; a claim past `maxAttempts` is not given. */
  attempt: z.number().int().nonnegative(),
  maxAttempts: z.number().int().positive(),
  /** Grows with each claim; a commit made under an older one is refused. */
  fence: z.number().int().nonnegative(),
  leaseOwner: z.string().nullable(),
  leaseUntil: Instant.nullable(),
  notBefore: Instant,
  cancelRequested: z.boolean(),
  lastError: z.string().nullable(),
  createdAt: Instant,
});
export type Job = z.infer<typeof Job>;

export const ApiToken = z.object({
  teamId: TeamId,
  id: z.string(),
  kind: z.enum(["session", "token", "code"]),
  name: z.string(),
  userId: UserId,
  /** SHA-256 of the bearer value, or of that half of a session's that stays; the value itself is never stored. */
  hash: z.string(),
  /** The half of a session's value that changes, as SHA-256; null for the others. */
  rotation: z
    .object({
      current: z.string(),
      since: Instant,
      /** Given to the browser and not seen from it yet: the current one stays good until then. */
      next: z.object({ hash: z.string(), at: Instant }).nullable(),
      /** Good for requests that were on their way when it was replaced. */
      previous: z.object({ hash: z.string(), until: Instant }).nullable(),
    })
    .nullable(),
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant.nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;
