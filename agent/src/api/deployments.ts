import { checkGitRef } from "@cloudsmith/builder";
import { CloudSmithError, isSettled, type Deployment, type Environment } from "@cloudsmith/contracts";
import { cancelDeployment, requestDeployment } from "@cloudsmith/deployments";
import type { Store } from "@cloudsmith/store";
import { setTimeout as wait } from "node:timers/promises";
import { os } from "./base.ts";
import { differences } from "./differences.ts";
import { filteredPage } from "./filtered-page.ts";
import { findBoth, findDeployment } from "./find.ts";
import { changeProject } from "./projects.ts";

export const deployments = {
  create: os.deployments.create.handler(async ({ input, context: { services, caller, traceparent } }) => {
    if (input.source?.type === "git") checkGitRef(input.source);
    const { project, environment } = await findBoth(services.store, caller.teamId, input);
    return requestDeployment(
      services.store,
      {
        project,
        environment,
        trigger: "manual",
        requestedBy: caller.actor,
        traceparent,
        source: input.source,
        flags: input.flags,
        requestKey: input.requestKey,
      },
      services.now,
    );
  }),

  list: os.deployments.list.handler(async ({ input, context: { services, caller } }) => {
    const { environment } = await findBoth(services.store, caller.teamId, input);
    const { teamId } = caller;
    const { items, cursor } = await filteredPage(
      (options) =>
        services.store.list(
          "deploymentsOfEnvironment",
          { teamId, environmentId: environment.id },
          { ...options, order: "descending" },
        ),
      ({ value }) => input.state === undefined || value.state === input.state,
      input,
    );
    return { items: items.map((item) => item.value), cursor };
  }),

  get: os.deployments.get.handler(({ input, context: { services, caller } }) =>
    findDeployment(services.store, caller.teamId, input.deployment),
  ),

  timeline: os.deployments.timeline.handler(async ({ input, context: { services, caller } }) => {
    const { id } = await findDeployment(services.store, caller.teamId, input.deployment);
    const page = await services.store.list(
      "timelineOfDeployment",
      { teamId: caller.teamId, deploymentId: id, after: input.after },
      { limit: 1000 },
    );
    return page.items.map((item) => item.value);
  }),

  cancel: os.deployments.cancel.handler(({ input, context: { services, caller } }) =>
    cancelDeployment(services.store, { teamId: caller.teamId, deploymentId: input.deployment }, services.now),
  ),

  redeploy: os.deployments.redeploy.handler(async ({ input, context: { services, caller, traceparent } }) => {
    const { store } = services;
    const { project, environment } = await findBoth(store, caller.teamId, input);
    const before =
      input.deployment === undefined
        ? await newest(store, environment)
        : await findDeployment(store, caller.teamId, input.deployment);
    if (before.environmentId !== environment.id)
      throw new CloudSmithError("invalid-input", "That deployment belongs to another environment");
    return requestDeployment(
      store,
      {
        project,
        environment,
        trigger: "redeploy",
        requestedBy: caller.actor,
        traceparent,
        reuse: { deployment: before, what: "source" },
        requestKey: input.requestKey,
      },
      services.now,
    );
  }),

  rollback: os.deployments.rollback.handler(async ({ input, context: { services, caller, traceparent } }) => {
    const { project, environment } = await findBoth(services.store, caller.teamId, input);
    const target = await rollbackTarget(services.store, environment, input.to);
    return requestDeployment(
      services.store,
      {
        project,
        environment,
        trigger: "rollback",
        requestedBy: caller.actor,
        traceparent,
        reuse: { deployment: target, what: "artifact" },
        requestKey: input.requestKey,
      },
      services.now,
    );
  }),

  fix: os.deployments.fix.handler(async ({ input, context: { services, caller, traceparent } }) => {
    const { store } = services;
    const before = await findDeployment(store, caller.teamId, input.deployment);
    const suggestion = before.failure?.suggestion;
    if (suggestion === undefined)
      throw new CloudSmithError("invalid-input", "There is no automatic fix for this failure", {
        why: before.failure?.message,
        fix: before.failure?.fix,
      });
    const project = await store.get("project", { teamId: caller.teamId, id: before.projectId });
    const environment = await store.get("environment", { teamId: caller.teamId, id: before.environmentId });
    if (project === undefined || environment === undefined)
      throw new CloudSmithError("not-found", "The project of this deployment is gone");
    const changed = await changeProject(store, caller.teamId, project.value.id, (value) => ({
      ...value,
      settings: { ...value.settings, ...suggestion },
    }));
    return requestDeployment(
      store,
      {
        project: changed,
        environment: environment.value,
        trigger: "fix",
        requestedBy: caller.actor,
        traceparent,
        reuse: { deployment: before, what: "source" },
        flags: before.flags,
      },
      services.now,
    );
  }),

  diff: os.deployments.diff.handler(async ({ input, context: { services, caller } }) => {
    const { store } = services;
    const to = await findDeployment(store, caller.teamId, input.deployment);
    const from =
      input.against === undefined
        ? await liveBefore(store, to)
        : await findDeployment(store, caller.teamId, input.against);
    return { from: from ?? null, to, differences: from === undefined ? [] : await differences(store, from, to) };
  }),
};

async function history(
  store: Store,
  environment: Pick<Environment, "teamId" | "id">,
  limit = 500,
): Promise<Deployment[]> {
  const page = await store.list(
    "deploymentsOfEnvironment",
    { teamId: environment.teamId, environmentId: environment.id },
    { limit, order: "descending" },
  );
  return page.items.map((item) => item.value);
}

/** The newest deployment of an environment. The list may lag, the environment's own sequence says whether it does. */
async function newest(store: Store, environment: Environment): Promise<Deployment> {
  for (let tries = 0; ; tries++) {
    const [first] = await history(store, environment, 1);
    if (first !== undefined && (first.sequence >= environment.sequence || tries === 20)) return first;
    if (environment.sequence === 0 || tries === 20)
      throw new CloudSmithError("not-found", "Nothing was deployed here yet", {
        fix: "Deploy first: cloudsmith deploy",
      });
    await wait(50);
  }
}

/** A deployment of an environment by its id or its sequence, written as `7` or `#7`. */
async function named(store: Store, environment: Environment, name: string): Promise<Deployment | undefined> {
  const { teamId, id: environmentId } = environment;
  const sequence = /^#?(\d{1,9})$/.exec(name)?.[1];
  if (sequence === undefined) {
    const found = (await store.get("deployment", { teamId, id: name }))?.value;
    return found?.environmentId === environmentId ? found : undefined;
  }
  const page = await store.list(
    "deploymentsOfEnvironment",
    { teamId, environmentId, beforeSequence: Number(sequence) + 1 },
    { limit: 1, order: "descending" },
  );
  return page.items.map((item) => item.value).find((each) => each.sequence === Number(sequence));
}

/** The deployment to go back to: the named one, or the newest that was live before the live one. */
async function rollbackTarget(store: Store, environment: Environment, to: string | undefined): Promise<Deployment> {
  const all = await history(store, environment);
  const chosen = to === undefined ? undefined : await named(store, environment, to);
  if (to !== undefined && chosen === undefined)
    throw new CloudSmithError("not-found", `There is no deployment ${to} here`, {
      fix: "List them: cloudsmith status",
    });
  const live = all.find((each) => each.id === environment.live?.deploymentId);
  // Going back from a rollback means going back further than what it brought back.
  const origin = live?.trigger === "rollback" ? (all.find((each) => each.id === live.reuses) ?? live) : live;
  const found =
    chosen ??
    all.find((each) => each.state === "live" && each.sequence < (origin?.sequence ?? 0) && each.id !== live?.id);
  if (found?.artifact == null || (chosen !== undefined && !isSettled(chosen.state))) {
    throw new CloudSmithError("nothing-to-roll-back", "There is nothing to roll back to", {
      why:
        found === undefined
          ? "No earlier deployment was live in this environment"
          : "That deployment has no artifact that could run",
      fix: "List the deployments: cloudsmith status",
    });
  }
  return found;
}

async function liveBefore(store: Store, deployment: Deployment): Promise<Deployment | undefined> {
  const all = await history(store, { teamId: deployment.teamId, id: deployment.environmentId });
  return all.find((each) => each.sequence < deployment.sequence && each.state === "live");
}
