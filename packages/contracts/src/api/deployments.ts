import * as z from "zod";
import {
  Deployment,
  SecretVersion,
  SourceRef,
  TimelineEntry,
  Variable,
  deploymentStatesSchema,
  variableScopes,
} from "../entities.ts";
import { Instant } from "../ids.ts";
import { PlanSettings } from "../plan.ts";
import { procedure } from "./procedure.ts";
import { DeploymentInput, EnvironmentInput, pageOf, PageInput } from "./views.ts";

const RequestKey = z.string().min(8).max(100).optional().describe("idempotency key: asked for twice, deployed once");

/** One difference between two deployments. */
export const Difference = z.object({
  part: z.enum(["commit", "source", "plan", "variable", "secret", "setting"]),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

export type Difference = z.infer<typeof Difference>;

/** A secret that a rollback would run with in another version than what is live. */
const SecretChange = z.object({
  name: z.string(),
  /** When the version was made; null where there is none. */
  before: Instant.nullable(),
  after: Instant.nullable(),
  /** The version of then was revoked: `replaced` by its successor, or `removed` where it has none. */
  revoked: z.enum(["replaced", "removed"]).nullable(),
});

/** What a rollback would change, looked at before it is done. */
export const RollbackPreview = z.object({
  target: Deployment,
  live: Deployment.nullable(),
  differences: z.array(Difference),
  secrets: z.array(SecretChange),
  /** A rollback pauses automatic deployments; true where they are on now. */
  pausesAutomaticDeployments: z.boolean(),
  /** A deployment under way that the rollback would overtake. */
  overtakes: Deployment.nullable(),
});
export type RollbackPreview = z.infer<typeof RollbackPreview>;

/** A secret as a snapshot names it: the version, never the value. */
const SnapshotSecret = SecretVersion.pick({
  id: true,
  name: true,
  createdAt: true,
  createdBy: true,
  revokedAt: true,
}).extend({
  scope: z.enum(variableScopes),
});

export const deployments = {
  create: procedure("deployments.write", "POST", "/projects/{project}/deployments", "Deploy")
    .input(
      EnvironmentInput.extend({
        source: SourceRef.optional().describe("default: the project's"),
        flags: PlanSettings.optional(),
        requestKey: RequestKey,
      }),
    )
    .output(Deployment),
  list: procedure(
    "deployments.read",
    "GET",
    "/projects/{project}/deployments",
    "Deployments of an environment, newest first",
  )
    .input(PageInput.extend({ ...EnvironmentInput.shape, state: deploymentStatesSchema.optional() }))
    .output(pageOf(Deployment)),
  recent: procedure("deployments.read", "GET", "/deployments", "Deployments of all projects, newest first")
    .input(PageInput)
    .output(pageOf(Deployment)),
  get: procedure("deployments.read", "GET", "/deployments/{deployment}", "One deployment")
    .input(DeploymentInput)
    .output(Deployment),
  timeline: procedure(
    "deployments.read",
    "GET",
    "/deployments/{deployment}/timeline",
    "The ordered events of one deployment",
  )
    .input(DeploymentInput.extend({ after: z.coerce.number().int().nonnegative().default(0) }))
    .output(z.array(TimelineEntry)),
  configuration: procedure(
    "variables.read",
    "GET",
    "/deployments/{deployment}/configuration",
    "The configuration that a deployment took, with the names of its secrets",
  )
    .input(DeploymentInput)
    .output(
      z.object({
        variables: z.record(z.string(), Variable),
        secrets: z.array(SnapshotSecret),
        settings: PlanSettings,
      }),
    ),
  cancel: procedure("deployments.write", "POST", "/deployments/{deployment}/cancel", "Cancel in any stage")
    .input(DeploymentInput)
    .output(Deployment),
  redeploy: procedure(
    "deployments.write",
    "POST",
    "/projects/{project}/redeploy",
    "The source of the newest deployment again, with the configuration of now",
  )
    .input(EnvironmentInput.extend({ deployment: z.string().optional(), requestKey: RequestKey }))
    .output(Deployment),
  rollback: procedure(
    "deployments.write",
    "POST",
    "/projects/{project}/rollback",
    "An earlier deployment's artifact and configuration again, without a build; pauses automatic deployments",
  )
    .input(
      EnvironmentInput.extend({
        to: z.string().optional().describe("a deployment's id or sequence; default: the one before the live one"),
        requestKey: RequestKey,
      }),
    )
    .output(Deployment),
  previewRollback: procedure(
    "deployments.read",
    "GET",
    "/projects/{project}/rollback",
    "What a rollback would change: commit, plan, variables and versions of secrets",
  )
    .input(EnvironmentInput.extend({ to: z.string().optional() }))
    .output(RollbackPreview),
  fix: procedure(
    "deployments.write",
    "POST",
    "/deployments/{deployment}/fix",
    "Apply the suggested change to project settings and deploy again",
  )
    .input(DeploymentInput)
    .output(Deployment),
  diff: procedure(
    "deployments.read",
    "GET",
    "/deployments/{deployment}/diff",
    "Commit, plan and configuration against another deployment",
  )
    .input(
      DeploymentInput.extend({
        against: z.string().optional().describe("default: the one that was live before"),
      }),
    )
    .output(z.object({ from: Deployment.nullable(), to: Deployment, differences: z.array(Difference) })),
};
