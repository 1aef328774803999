import * as z from "zod";
import { Deployment, Environment, Project } from "../entities.ts";
import { observedReleaseStates } from "../release-state.ts";

/** A change made after the live deployment that a redeploy would bring. */
export const PendingChange = z.object({
  kind: z.enum(["variable", "secret", "setting"]),
  name: z.string(),
  change: z.enum(["added", "changed", "removed"]),
});
export type PendingChange = z.infer<typeof PendingChange>;

/** An environment as people see it: what should run, what runs, where. */
export const EnvironmentView = z.object({
  environment: Environment,
  /** Addresses that answer while a release is live; the second works where `*.localhost` does not resolve. */
  url: z.string().nullable(),
  plainUrl: z.string().nullable(),
  liveDeployment: Deployment.nullable(),
  /** The newest deployment that has not settled. */
  activeDeployment: Deployment.nullable(),
  /** The newest deployment, however it ended. */
  lastDeployment: Deployment.nullable(),
  observed: z.object({
    state: z.enum([...observedReleaseStates, "none"]),
    restarts: z.number(),
    detail: z.string().nullable(),
    memoryMb: z.number().nullable(),
    cpuPercent: z.number().nullable(),
  }),
  changesPending: z.array(PendingChange),
});
export type EnvironmentView = z.infer<typeof EnvironmentView>;

export const ProjectView = z.object({ project: Project, environments: z.array(EnvironmentView) });
export type ProjectView = z.infer<typeof ProjectView>;

/** A page of a list; pass `cursor` to get the next one, null on the last. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), cursor: z.string().nullable() });
}

export const PageInput = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().optional(),
});

/** Names an environment: project by id or name, environment by name. */
export const EnvironmentInput = z.object({
  project: z.string().min(1),
  environment: z.string().default("production"),
});
/** The same where the address itself names the environment, and so cannot leave it out. */
export const EnvironmentAddress = EnvironmentInput.extend({ environment: z.string().min(1) });
export const ProjectInput = z.object({ project: z.string().min(1) });
export const DeploymentInput = z.object({
  deployment: z.string().min(1).describe("a deployment's id"),
});
export const Done = z.object({ done: z.literal(true) });
