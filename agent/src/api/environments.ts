import { CloudSmithError, type Environment } from "@cloudsmith/contracts";
import { retryOnConflict } from "@cloudsmith/deployments";
import type { Stored } from "@cloudsmith/store";
import type { AgentServices } from "../services.ts";
import { os, type Caller } from "./base.ts";
import { secretVersions } from "./configuration-of.ts";
import { configure, type ConfigurationEdit } from "./configure.ts";
import { environmentChanged } from "./environment-changed.ts";
import { environmentView } from "./environment-view.ts";
import { environmentsOf, findBoth, findEnvironment, findProject } from "./find.ts";
import { environmentPuts, newEnvironment, refuseDestroying } from "./projects.ts";

/** Renaming a project moves the hosts of all its environments in one commit of at most a hundred items: five for each, and five for the project. */
const maxEnvironments = 19;

export const environments = {
  create: os.environments.create.handler(async ({ input, context: { services, caller } }) => {
    const stored = await findProject(services.store, caller.teamId, input.project);
    const project = stored.value;
    refuseDestroying(project);
    if ((await environmentsOf(services.store, project)).length >= maxEnvironments)
      throw new CloudSmithError("invalid-input", `${project.name} cannot have more environments`, {
        why: `A project has at most ${maxEnvironments}, so that all of them can be renamed at once`,
        fix: "Make another project of the same source",
      });
    const environment = newEnvironment(project, input.name, services.now().toISOString());
    const taken = await services.store.get("claim", {
      teamId: caller.teamId,
      scope: `environment-name#${project.id}`,
      name: input.name,
    });
    if (taken !== undefined)
      throw new CloudSmithError("name-taken", `${project.name} has an environment ${input.name} already`, {
        fix: "Choose another name",
      });
    await services.store.commit({
      checks: [{ entity: "project", value: project, if: { version: stored.version } }],
      puts: environmentPuts(project, environment),
      events: [environmentChanged(environment, 1)],
    });
    return environmentView(services, project, environment);
  }),

  get: os.environments.get.handler(async ({ input, context: { services, caller } }) => {
    const { project, environment } = await findBoth(services.store, caller.teamId, input);
    return environmentView(services, project, environment);
  }),

  stop: os.environments.stop.handler(({ input, context: { services, caller } }) =>
    change(services, caller, input, (value) => ({ ...value, desired: "stopped" })),
  ),
  start: os.environments.start.handler(({ input, context: { services, caller } }) =>
    change(services, caller, input, (value) => ({ ...value, desired: "running" })),
  ),
  resume: os.environments.resume.handler(({ input, context: { services, caller } }) =>
    change(services, caller, input, (value) => ({ ...value, automaticDeployments: "on" })),
  ),

  variables: os.environments.variables.handler(async ({ input, context: { services, caller } }) => {
    const { environment } = await findBoth(services.store, caller.teamId, input);
    return {
      variables: environment.variables,
      secrets: await secretVersions(services.store, environment, environment.secrets),
    };
  }),

  setVariables: os.environments.setVariables.handler(({ input, context: { services, caller } }) =>
    configured(services, caller, input, { variables: input.set, unsetVariables: input.unset }),
  ),

  setSecrets: os.environments.setSecrets.handler(({ input, context: { services, caller } }) =>
    configured(services, caller, input, { secrets: input.set, unsetSecrets: input.unset }),
  ),

  configure: os.environments.configure.handler(({ input, context: { services, caller } }) =>
    configured(services, caller, input, {
      variables: input.set,
      secrets: input.secrets,
      unsetVariables: input.unset,
      unsetSecrets: input.unset,
    }),
  ),
};

async function configured(
  services: AgentServices,
  caller: Caller,
  input: { project: string; environment: string },
  edit: ConfigurationEdit,
) {
  const environment = await configure(services, caller, input, edit);
  const project = (await findProject(services.store, caller.teamId, environment.projectId)).value;
  return environmentView(services, project, environment);
}

async function change(
  services: AgentServices,
  caller: Caller,
  input: { project: string; environment: string },
  edit: (value: Environment) => Environment,
) {
  const project = (await findProject(services.store, caller.teamId, input.project)).value;
  const stored = await retryOnConflict(async (): Promise<Stored<"environment">> => {
    const before = await findEnvironment(services.store, project, input.environment);
    const value = edit(before.value);
    await services.store.commit({
      puts: [{ entity: "environment", value, if: { version: before.version } }],
      events: [environmentChanged(value, before.version + 1)],
    });
    return { value, version: before.version + 1 };
  });
  return environmentView(services, project, stored.value);
}
