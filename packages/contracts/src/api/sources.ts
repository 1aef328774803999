import * as z from "zod";
import { CredentialId } from "../credential.ts";
import { Commit, SourceRef } from "../entities.ts";
import { Instant } from "../ids.ts";
import { BuildPlan, PlanSettings } from "../plan.ts";
import { procedure } from "./procedure.ts";
import { PlanView } from "./projects.ts";

/** A variable that the repository says it needs. */
export const WantedVariable = z.object({
  name: z.string(),
  /** The file that names it: `.env.example`, `render.yaml`, … */
  file: z.string(),
  /** What the file has as its value; null where there is none or it may be a secret. */
  example: z.string().nullable(),
  note: z.string().nullable(),
  /** `missing` has no value in the environment that was asked about. */
  state: z.enum(["missing", "set"]),
});
export type WantedVariable = z.infer<typeof WantedVariable>;

/** Everything to decide on before a source is deployed. */
export const SourceReview = PlanView.extend({
  /** The plan without the settings that were given; null where there is none. */
  detected: BuildPlan.nullable(),
  commit: Commit.nullable(),
  variables: z.array(WantedVariable),
  /** The project that has this source already. */
  project: z
    .object({ id: z.string(), name: z.string(), settings: PlanSettings, environments: z.array(z.string()) })
    .nullable(),
  /** A free name for a new project. */
  suggestedName: z.string(),
});
export type SourceReview = z.infer<typeof SourceReview>;

export const FolderList = z.object({
  path: z.string(),
  /** Null at the top of what may be seen. */
  parent: z.string().nullable(),
  /** From the top down to this folder. */
  trail: z.array(z.object({ name: z.string(), path: z.string() })),
  folders: z.array(z.object({ name: z.string(), path: z.string() })),
  truncated: z.boolean(),
});
export type FolderList = z.infer<typeof FolderList>;

export const RecentSource = z.object({
  projectId: z.string(),
  project: z.string(),
  source: SourceRef,
  /** Of the newest deployment, or of the project where there was none. */
  at: Instant,
});
export type RecentSource = z.infer<typeof RecentSource>;

export const sources = {
  resolve: procedure(
    "projects.read",
    "POST",
    "/sources/resolve",
    "A source as people type it: a folder, a Git URL, owner/repo, each with #branch",
  )
    .input(z.object({ text: z.string().max(4096), dir: z.string().max(1024).default("") }))
    .output(SourceRef),
  review: procedure(
    "projects.read",
    "POST",
    "/sources/review",
    "What would be done with a source and why, its apps, the variables that it asks for, and the project that has it",
  )
    .input(
      z.object({
        source: SourceRef,
        settings: PlanSettings.optional(),
        project: z.string().optional().describe("default: the one of this source"),
        environment: z.string().default("production"),
        account: CredentialId.optional().describe("what its repository is read with; default: the project's"),
      }),
    )
    .output(SourceReview),
  refs: procedure("projects.read", "POST", "/sources/refs", "Branches and tags of a Git repository")
    .input(z.object({ url: z.string().max(4096), project: z.string().optional() }))
    .output(
      z.object({
        defaultBranch: z.string().nullable(),
        branches: z.array(z.string()),
        tags: z.array(z.string()),
        truncated: z.boolean(),
      }),
    ),
  folders: procedure(
    "projects.write",
    "GET",
    "/sources/folders",
    "Names of the folders in a folder below the home folder; for requests of this computer only",
  )
    .input(z.object({ path: z.string().max(4096).optional().describe("default: the home folder") }))
    .output(FolderList),
  recent: procedure("projects.read", "GET", "/sources/recent", "Sources that were deployed, the newest first")
    .input(z.object({ limit: z.coerce.number().int().min(1).max(50).default(8) }))
    .output(z.array(RecentSource)),
};
