import { checkGitRef, planSource } from "@cloudsmith/builder";
import {
  CloudSmithError,
  hostLabel,
  newId,
  type Environment,
  type Project,
  type SourceRef,
} from "@cloudsmith/contracts";
import { gitToken } from "@cloudsmith/authspire";
import { jobId, newJob, retryOnConflict } from "@cloudsmith/deployments";
import { newEvent } from "@cloudsmith/events";
import type { Put, Store, Stored } from "@cloudsmith/store";
import type { AgentServices } from "../services.ts";
import { os } from "./base.ts";
import { projectView } from "./environment-view.ts";
import { bindable, dropOwnToken } from "./bind-account.ts";
import { environmentsOf, findProject } from "./find.ts";
import { withSource } from "./open-source.ts";
import { freeName, nameFor, projectOfSource } from "./project-of-source.ts";

export const projects = {
  list: os.projects.list.handler(async ({ input, context: { services, caller } }) => {
    const page = await services.store.list(
      "projectsOfTeam",
      { teamId: caller.teamId },
      { limit: input.limit, ...(input.cursor !== undefined && { cursor: input.cursor }) },
    );
    const usage = await services.telemetry.usage();
    return {
      items: await Promise.all(page.items.map((item) => projectView(services, item.value, usage))),
      cursor: page.cursor ?? null,
    };
  }),

  get: os.projects.get.handler(async ({ input, context: { services, caller } }) =>
    projectView(services, (await findProject(services.store, caller.teamId, input.project)).value),
  ),

  ensure: os.projects.ensure.handler(async ({ input, context: { services, caller } }) => {
    // Before anything is made: an address that can never be fetched leaves no project.
    if (input.source.type === "git") checkGitRef(input.source);
    const credential = await bindable(services.store, caller.teamId, input.account ?? null, input.source);
    const scope = { teamId: caller.teamId, source: input.source, name: input.name };
    const { project, created } = await retryOnConflict(() =>
      ensureProject(services, scope, { settings: input.settings ?? {}, credential }),
    );
    return { project: await projectView(services, project), created };
  }),

  update: os.projects.update.handler(async ({ input, context: { services, caller } }) => {
    if (input.source?.type === "git") checkGitRef(input.source);
    const { account } = input;
    const before = (await findProject(services.store, caller.teamId, input.project)).value;
    const source = input.source ?? before.source;
    if (account !== undefined || source.type === "github")
      await bindable(services.store, caller.teamId, account === undefined ? before.credential : account, source);
    const project = await changeProject(services.store, caller.teamId, input.project, (value) => ({
      ...value,
      ...(input.source !== undefined && { source: input.source }),
      ...(input.settings !== undefined && { settings: input.settings }),
      ...(account !== undefined && { credential: account }),
    }));
    if (account !== undefined) await dropOwnToken(services, before, project.credential);
    return projectView(services, project);
  }),

  setGitToken: os.projects.setGitToken.handler(async ({ input, context: { services, caller } }) => {
    const { teamId, actor } = caller;
    const before = (await findProject(services.store, teamId, input.project)).value;
    const { token } = input;
    const record =
      token === null ? null : await gitToken(services.github.context, { teamId, actor, token, project: before.name });
    if (record !== null) await services.store.commit({ puts: [{ entity: "credential", value: record, if: "absent" }] });
    const project = await changeProject(services.store, teamId, input.project, (value) => ({
      ...value,
      credential: record?.id ?? null,
    }));
    await dropOwnToken(services, before, project.credential);
    return projectView(services, project);
  }),

  rename: os.projects.rename.handler(async ({ input, context: { services, caller } }) =>
    projectView(services, await renameProject(services.store, caller.teamId, input.project, input.name)),
  ),

  destroy: os.projects.destroy.handler(async ({ input, context: { services, caller } }) => {
    const { store } = services;
    const project = (await findProject(store, caller.teamId, input.project)).value;
    if (input.confirm !== project.name) {
      throw new CloudSmithError("invalid-input", "The project was not destroyed", {
        why: `To destroy it, its name has to be typed: ${project.name}`,
        fix: `cloudsmith destroy ${project.name}`,
      });
    }
    await changeProject(store, caller.teamId, project.id, (value) => ({ ...value, state: "destroying" }));
    await retryOnConflict(async () => {
      const job = await store.get("job", { teamId: caller.teamId, id: jobId("destroy", project.id) });
      if (job !== undefined && job.value.state !== "dead") return;
      const fresh = newJob({
        queue: "destroy",
        subject: project.id,
        teamId: caller.teamId,
        projectId: project.id,
        now: services.now(),
      });
      await store.commit({
        puts: [job === undefined ? fresh : ({ ...fresh, if: { version: job.version } } satisfies Put)],
        events: [
          newEvent("project.changed", { teamId: caller.teamId, projectId: project.id }, { partitionkey: project.id }),
        ],
      });
    });
    return { done: true as const };
  }),

  plan: os.projects.plan.handler(async ({ input, context: { services, caller }, signal }) => {
    const { teamId } = caller;
    const credential = await bindable(services.store, teamId, input.account ?? null, input.source);
    return withSource(services, { source: input.source, credential, teamId, signal }, async ({ root, taken }) => {
      const result = await planSource({
        root,
        dir: taken.dir,
        ...(input.settings !== undefined && { flags: input.settings }),
      });
      return {
        plan: result.ok ? result.plan : null,
        failure: result.ok ? null : result.failure,
        apps: [...result.apps],
        notes: taken.notes,
      };
    });
  }),
};

/** The project of a source; made with an environment `production` where there is none. */
export async function ensureProject(
  services: AgentServices,
  wanted: { teamId: string; source: SourceRef; name: string | undefined },
  also: Pick<Project, "settings" | "credential">,
): Promise<{ project: Project; created: boolean }> {
  const { store } = services;
  const { teamId, source } = wanted;
  const existing = await projectOfSource(store, wanted);
  if (existing !== undefined) {
    if (existing.value.state === "destroying")
      throw new CloudSmithError("conflict", `${existing.value.name} is being destroyed`, {
        fix: "Try again in a moment",
      });
    // What is deployed once (a branch, .env files taken along) is said with the deployment; the project's own source stays.
    return { project: existing.value, created: false };
  }
  const name = wanted.name ?? (await freeName(store, teamId, nameFor(source)));
  const createdAt = services.now().toISOString();
  const project: Project = {
    id: newId("project"),
    teamId,
    name,
    source,
    ...also,
    state: "active",
    createdAt,
  };
  const environment = newEnvironment(project, "production", createdAt);
  await createOrTaken(
    store,
    [
      { entity: "project", value: project, if: "absent" },
      { entity: "claim", value: { teamId, scope: "project-name", name, owner: project.id }, if: "absent" },
      ...environmentPuts(project, environment),
    ],
    project,
  );
  return { project, created: true };
}

async function createOrTaken(store: Store, puts: Put[], project: Project): Promise<void> {
  await store.commit({
    puts,
    events: [
      newEvent("project.changed", { teamId: project.teamId, projectId: project.id }, { partitionkey: project.id }),
    ],
  });
}

export function newEnvironment(project: Project, name: string, createdAt: string): Environment {
  return {
    id: newId("environment"),
    teamId: project.teamId,
    projectId: project.id,
    name,
    host: hostLabel(project.name, name),
    target: "local",
    sequence: 0,
    live: null,
    desired: "running",
    automaticDeployments: "on",
    variables: {},
    secrets: {},
    createdAt,
  };
}

/** An environment with the claims that keep its name and its host unique. */
export function environmentPuts(project: Project, environment: Environment): Put[] {
  const { teamId } = project;
  return [
    { entity: "environment", value: environment, if: "absent" },
    {
      entity: "claim",
      value: { teamId, scope: `environment-name#${project.id}`, name: environment.name, owner: environment.id },
      if: "absent",
    },
    { entity: "claim", value: { teamId, scope: "host", name: environment.host, owner: environment.id }, if: "absent" },
  ];
}

export function changeProject(
  store: Store,
  teamId: string,
  idOrName: string,
  change: (value: Project) => Project,
): Promise<Project> {
  return retryOnConflict(async () => {
    const stored = await findProject(store, teamId, idOrName);
    const value = change(stored.value);
    await store.commit({
      puts: [{ entity: "project", value, if: { version: stored.version } }],
      events: [newEvent("project.changed", { teamId, projectId: value.id }, { partitionkey: value.id })],
    });
    return value;
  });
}

/** Throws `conflict` for a project that is on its way out: what is added to it now would be left behind. */
export function refuseDestroying({ name, state }: Project): void {
  if (state === "destroying")
    throw new CloudSmithError("conflict", `${name} is being destroyed`, { fix: "Try again in a moment" });
}

async function renameProject(store: Store, teamId: string, idOrName: string, name: string): Promise<Project> {
  return retryOnConflict(async () => {
    const stored = await findProject(store, teamId, idOrName);
    const before = stored.value;
    if (before.name === name) return before;
    refuseDestroying(before);
    if ((await store.get("claim", { teamId, scope: "project-name", name })) !== undefined)
      throw new CloudSmithError("name-taken", `There is a project ${name} already`, { fix: "Choose another name" });
    const value: Project = { ...before, name };
    const environments = await environmentsOf(store, before);
    const oldName = await store.get("claim", { teamId, scope: "project-name", name: before.name });
    const moves = await Promise.all(environments.map((each) => moveHost(store, each, value)));
    await store.commit({
      puts: [
        { entity: "project", value, if: { version: stored.version } },
        { entity: "claim", value: { teamId, scope: "project-name", name, owner: before.id }, if: "absent" },
        ...moves.flatMap((move) => move.puts),
      ],
      deletes: [
        ...(oldName === undefined
          ? []
          : [{ entity: "claim" as const, value: oldName.value, if: { version: oldName.version } }]),
        ...moves.flatMap((move) => move.deletes),
      ],
      events: [
        newEvent("project.changed", { teamId, projectId: value.id }, { partitionkey: value.id }),
        ...moves.map((move) => move.event),
      ],
    });
    return value;
  });
}

async function moveHost(store: Store, stored: Stored<"environment">, project: Project) {
  const { teamId, projectId, id: environmentId } = stored.value;
  const host = hostLabel(project.name, stored.value.name);
  const old = await store.get("claim", { teamId, scope: "host", name: stored.value.host });
  return {
    puts: [
      { entity: "environment", value: { ...stored.value, host }, if: { version: stored.version } },
      { entity: "claim", value: { teamId, scope: "host", name: host, owner: environmentId }, if: "absent" },
    ] satisfies Put[],
    deletes: old === undefined ? [] : [{ entity: "claim" as const, value: old.value, if: { version: old.version } }],
    event: newEvent(
      "environment.changed",
      { teamId, projectId, environmentId, version: stored.version + 1 },
      { partitionkey: environmentId },
    ),
  };
}
