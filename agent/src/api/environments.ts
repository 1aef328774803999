import { CloudSmithError, newId, type Environment, type SecretVersion } from "@cloudsmith/contracts";
import { retryOnConflict } from "@cloudsmith/deployments";
import { newEvent } from "@cloudsmith/events";
import type { Put, Store, Stored } from "@cloudsmith/store";
import { os, type Caller } from "./base.ts";
import { secretVersions } from "./configuration-of.ts";
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
      events: [changed(environment, 1)],
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
    change(services, caller, input, (value) => {
      const names = Object.keys(input.set);
      return {
        ...value,
        variables: without({ ...value.variables, ...input.set }, input.unset),
        secrets: without(value.secrets, names),
      };
    }),
  ),

  setSecrets: os.environments.setSecrets.handler(async ({ input, context: { services, caller } }) => {
    const { environment } = await findBoth(services.store, caller.teamId, input);
    const now = services.now().toISOString();
    const fresh = Object.entries(input.set).map(([name, { value, scope, revokeOld }]) => ({
      id: newId("secretVersion"),
      name,
      value,
      scope,
      revokeOld,
    }));
    // Values first: a reference never names a version that has no value. One that is left without a reference is harmless.
    for (const each of fresh) await services.secrets.put({ teamId: caller.teamId }, each.id, each.value);
    const versions: Put[] = fresh.map((each) => ({
      entity: "secretVersion",
      if: "absent",
      value: newVersion(environment, each, caller, now),
    }));
    const revoked = await revocations(
      services.store,
      environment,
      fresh.filter((each) => each.revokeOld),
      now,
    );
    return change(
      services,
      caller,
      input,
      (value) => ({
        ...value,
        secrets: without(
          {
            ...value.secrets,
            ...Object.fromEntries(fresh.map((each) => [each.name, { version: each.id, scope: each.scope }])),
          },
          input.unset,
        ),
        variables: without(
          value.variables,
          fresh.map((each) => each.name),
        ),
      }),
      [...versions, ...revoked],
    );
  }),
};

function newVersion(
  environment: Environment,
  secret: { id: string; name: string },
  caller: Caller,
  createdAt: string,
): SecretVersion {
  return {
    id: secret.id,
    teamId: environment.teamId,
    environmentId: environment.id,
    name: secret.name,
    createdAt,
    createdBy: caller.actor,
    revokedAt: null,
    successor: null,
  };
}

/** Marks the present versions as revoked in favour of their successors, so that a rollback never brings them back. */
async function revocations(
  store: Store,
  environment: Environment,
  successors: readonly { id: string; name: string }[],
  now: string,
): Promise<Put[]> {
  const puts: Put[] = [];
  for (const { id: successor, name } of successors) {
    const present = environment.secrets[name];
    const stored =
      present === undefined
        ? undefined
        : await store.get("secretVersion", {
            teamId: environment.teamId,
            environmentId: environment.id,
            id: present.version,
          });
    if (stored !== undefined)
      puts.push({
        entity: "secretVersion",
        value: { ...stored.value, revokedAt: now, successor },
        if: { version: stored.version },
      });
  }
  return puts;
}

function without<V>(record: Readonly<Record<string, V>>, names: readonly string[]): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

function changed(environment: Environment, version: number) {
  const { teamId, projectId, id: environmentId } = environment;
  return newEvent(
    "environment.changed",
    { teamId, projectId, environmentId, version },
    { partitionkey: environmentId },
  );
}

async function change(
  services: Parameters<typeof environmentView>[0],
  caller: Caller,
  input: { project: string; environment: string },
  edit: (value: Environment) => Environment,
  also: readonly Put[] = [],
) {
  const project = (await findProject(services.store, caller.teamId, input.project)).value;
  const stored = await retryOnConflict(async (): Promise<Stored<"environment">> => {
    const before = await findEnvironment(services.store, project, input.environment);
    const value = edit(before.value);
    await services.store.commit({
      puts: [{ entity: "environment", value, if: { version: before.version } }, ...also],
      events: [changed(value, before.version + 1)],
    });
    return { value, version: before.version + 1 };
  });
  return environmentView(services, project, stored.value);
}
