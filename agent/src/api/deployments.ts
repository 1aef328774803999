import { CloudSmithError, isSettled, type Deployment, type Environment } from "@cloudsmith/contracts";
import { cancelDeployment, requestDeployment } from "@cloudsmith/deployments";
import type { Store } from "@cloudsmith/store";
import { os } from "./base.ts";
import { differences } from "./differences.ts";
import { filteredPage } from "./filtered-page.ts";
import { findBoth, findDeployment } from "./find.ts";

export const deployments = {
  create: os.deployments.create.handler(async ({ input, context: { services, caller, traceparent } }) => {
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
    const settings = { ...project.value.settings, ...suggestion };
    await store.commit({
      puts: [{ entity: "project", value: { ...project.value, settings }, if: { version: project.version } }],
    });
    return requestDeployment(
      store,
      {
        project: { ...project.value, settings },
        environment: environment.value,
        trigger: "fix",
        requestedBy: caller.actor,
        traceparent,
        reuse: { deployment: before, what: "source" },
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

async function history(store: Store, environment: Pick<Environment, "teamId" | "id">): Promise<Deployment[]> {
  const page = await store.list(
    "deploymentsOfEnvironment",
    { teamId: environment.teamId, environmentId: environment.id },
    { limit: 500, order: "descending" },
  );
  return page.items.map((item) => item.value);
}

async function newest(store: Store, environment: Environment): Promise<Deployment> {
  const first = (await history(store, environment))[0];
  if (first === undefined)
    throw new CloudSmithError("not-found", "Nothing was deployed here yet", { fix: "Deploy first: cloudsmith deploy" });
  return first;
}

/** The deployment to go back to: the named one, or the newest that was live before the live one. */
async function rollbackTarget(store: Store, environment: Environment, to: string | undefined): Promise<Deployment> {
  const all = await history(store, environment);
  const named =
    to === undefined ? undefined : all.find((each) => each.id === to || String(each.sequence) === to.replace(/^#/, ""));
  if (to !== undefined && named === undefined)
    throw new CloudSmithError("not-found", `There is no deployment ${to} here`, {
      fix: "List them: cloudsmith status",
    });
  const live = all.find((each) => each.id === environment.live?.deploymentId);
  // Going back from a rollback means going back further than what it brought back.
  const origin = live?.trigger === "rollback" ? (all.find((each) => each.id === live.reuses) ?? live) : live;
  const found =
    named ??
    all.find((each) => each.state === "live" && each.sequence < (origin?.sequence ?? 0) && each.id !== live?.id);
  if (found?.artifact == null || (named !== undefined && !isSettled(named.state))) {
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
