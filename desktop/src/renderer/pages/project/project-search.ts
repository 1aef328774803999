import { deploymentStates } from "@cloudsmith/contracts";
import * as z from "zod";

export const tabs = ["overview", "deployments", "variables", "logs", "metrics", "settings"] as const;
export type Tab = (typeof tabs)[number];

export const ranges = ["hour", "day", "week"] as const;
export type Range = (typeof ranges)[number];

/** What the address of a project says beside its tab: everything that is chosen on the page. */
export const ProjectSearch = z.object({
  environment: z.string().optional().catch(undefined),
  /** Of the history. */
  state: z.enum(deploymentStates).optional().catch(undefined),
  /** A deployment that going back to is looked at. */
  rollback: z.string().optional().catch(undefined),
  range: z.enum(ranges).optional().catch(undefined),
  table: z.boolean().optional().catch(undefined),
  /** A dialog that is open. */
  ask: z.enum(["environment", "destroy", "rename"]).optional().catch(undefined),
});
export type ProjectSearch = z.infer<typeof ProjectSearch>;
