import * as z from "zod";
import { CredentialId } from "../credential.ts";
import { SourceRef } from "../entities.ts";
import { ProjectName } from "../names.ts";
import { BuildPlan, Failure, PlanSettings } from "../plan.ts";
import { procedure } from "./procedure.ts";
import { Done, pageOf, PageInput, ProjectInput, ProjectView } from "./views.ts";

export const AppChoice = z.object({
  dir: z.string(),
  name: z.string(),
  framework: z.string().nullable(),
});

export const PlanView = z.object({
  plan: BuildPlan.nullable(),
  failure: Failure.nullable(),
  /** Apps found in a monorepo. */
  apps: z.array(AppChoice),
  notes: z.array(z.string()),
});

export const projects = {
  list: procedure("projects.read", "GET", "/projects", "Projects with their environments")
    .input(PageInput)
    .output(pageOf(ProjectView)),
  get: procedure("projects.read", "GET", "/projects/{project}", "One project, by id or name")
    .input(ProjectInput)
    .output(ProjectView),
  ensure: procedure(
    "projects.write",
    "PUT",
    "/projects",
    "The project of this folder or repository, whatever its branch; created with an environment `production` where there is none",
  )
    .input(
      z.object({
        source: SourceRef,
        name: ProjectName.optional(),
        settings: PlanSettings.optional(),
        account: CredentialId.optional().describe("what its repository is read with; needed for one on GitHub"),
      }),
    )
    .output(z.object({ project: ProjectView, created: z.boolean() })),
  update: procedure(
    "projects.write",
    "PATCH",
    "/projects/{project}",
    "Change source, account or settings; settings are shown as pending until a redeploy",
  )
    .input(
      ProjectInput.extend({
        source: SourceRef.optional(),
        settings: PlanSettings.optional(),
        account: CredentialId.nullable().optional().describe("null: the person's own Git credentials"),
      }),
    )
    .output(ProjectView),
  setGitToken: procedure(
    "variables.write",
    "PUT",
    "/projects/{project}/git-token",
    "Keep an access token for a private Git repository; null goes back to the person's own Git credentials",
  )
    .input(ProjectInput.extend({ token: z.string().min(1).max(4096).nullable() }))
    .output(ProjectView),
  rename: procedure(
    "projects.write",
    "POST",
    "/projects/{project}/rename",
    "Rename; the address of its environments changes with it",
  )
    .input(ProjectInput.extend({ name: ProjectName }))
    .output(ProjectView),
  destroy: procedure(
    "projects.destroy",
    "DELETE",
    "/projects/{project}",
    "Stop and delete a project, its releases, logs, files and secrets",
  )
    .input(ProjectInput.extend({ confirm: z.string().describe("the project's name") }))
    .output(Done),
  plan: procedure("projects.read", "POST", "/plan", "What CloudSmith would do with a source, and why")
    .input(z.object({ source: SourceRef, settings: PlanSettings.optional(), account: CredentialId.optional() }))
    .output(PlanView),
};
