import { planSource, wantedVariablesOf, type TakenSource } from "@cloudsmith/builder";
import type { PlanSettings, Project, SourceRef } from "@cloudsmith/contracts";
import type { SourceReview } from "@cloudsmith/contracts/api";
import type { AgentServices } from "../services.ts";
import { bindable } from "./bind-account.ts";
import { environmentsOf, findProject } from "./find.ts";
import { withSource } from "./open-source.ts";
import { freeName, nameFor, projectOfSource } from "./project-of-source.ts";

export interface ReviewInput {
  readonly source: SourceRef;
  readonly settings?: PlanSettings | undefined;
  readonly project?: string | undefined;
  readonly environment: string;
  readonly account?: string | undefined;
}

/** What a person looks at before the first deployment, in one go: nothing is made and nothing of the source runs. */
export async function reviewSource(
  services: AgentServices,
  caller: { readonly teamId: string },
  input: ReviewInput,
  signal: AbortSignal | undefined,
): Promise<SourceReview> {
  const { teamId } = caller;
  const project = await projectFor(services, teamId, input);
  const environments = project === undefined ? [] : await environmentsOf(services.store, project);
  const chosen = environments.find(({ value }) => value.name === input.environment)?.value;
  const set = [...Object.keys(chosen?.variables ?? {}), ...Object.keys(chosen?.secrets ?? {})];
  const credential =
    input.account === undefined
      ? (project?.credential ?? (await bindable(services.store, teamId, null, input.source)))
      : await bindable(services.store, teamId, input.account, input.source);
  const seen = await withSource(
    services,
    { source: input.source, credential, own: project?.source, teamId, signal },
    ({ root, taken }) => planBoth({ root, taken, set, project, settings: input.settings }),
  );
  return {
    ...seen,
    project:
      project === undefined
        ? null
        : {
            id: project.id,
            name: project.name,
            settings: project.settings,
            environments: environments.map(({ value }) => value.name),
          },
    suggestedName: project?.name ?? (await freeName(services.store, teamId, nameFor(input.source))),
  };
}

async function projectFor(services: AgentServices, teamId: string, input: ReviewInput): Promise<Project | undefined> {
  if (input.project !== undefined) return (await findProject(services.store, teamId, input.project)).value;
  return (await projectOfSource(services.store, { teamId, source: input.source, name: undefined }))?.value;
}

/** The plan with all settings, and the one that detection alone gives: what a field is reset to. */
async function planBoth(options: {
  root: string;
  taken: TakenSource;
  set: readonly string[];
  project: Project | undefined;
  settings: PlanSettings | undefined;
}): Promise<Omit<SourceReview, "project" | "suggestedName">> {
  const { root, taken, set, project, settings } = options;
  const common = { root, dir: taken.dir, variables: set };
  // What is being edited takes the place of the project's settings: it will become them.
  const edited = settings ?? project?.settings;
  const planned = await planSource({ ...common, ...(edited !== undefined && { project: edited }) });
  const detected = edited === undefined ? planned : await planSource(common);
  const dir = planned.ok ? planned.plan.appDir : taken.dir;
  return {
    plan: planned.ok ? planned.plan : null,
    failure: planned.ok ? null : planned.failure,
    detected: detected.ok ? detected.plan : null,
    apps: [...planned.apps],
    notes: taken.notes,
    commit: taken.commit,
    variables: wantedVariablesOf(root, dir).map((each) => ({
      ...each,
      state: set.includes(each.name) ? ("set" as const) : ("missing" as const),
    })),
  };
}
