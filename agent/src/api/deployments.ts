import { checkGitRef } from "@cloudsmith/builder";
import { CloudSmithError, type Deployment, type Environment } from "@cloudsmith/contracts";
import { cancelDeployment, requestDeployment } from "@cloudsmith/deployments";
import type { Store } from "@cloudsmith/store";
import { setTimeout as wait } from "node:timers/promises";
import { os } from "./base.ts";
import { configurationOf } from "./configuration-of.ts";
import { differences } from "./differences.ts";
import { filteredPage } from "./filtered-page.ts";
import { findBoth, findDeployment } from "./find.ts";
import { changeProject } from "./projects.ts";
import { previewRollback } from "./preview-rollback.ts";
import { history, requireArtifact, rollbackTarget } from "./rollback-target.ts";

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

  recent: os.deployments.recent.handler(async ({ input, context: { services, caller } }) => {
    const { items, cursor } = await services.store.list(
      "deploymentsOfTeam",
      { teamId: caller.teamId },
      { limit: input.limit, order: "descending", ...(input.cursor !== undefined && { cursor: input.cursor }) },
    );
    return { items: items.map((item) => item.value), cursor: cursor ?? null };
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

  configuration: os.deployments.configuration.handler(async ({ input, context: { services, caller } }) => {
    const deployment = await findDeployment(services.store, caller.teamId, input.deployment);
    return configurationOf(services.store, deployment);
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
    const target = await rollbackTarget(services.store, project, environment, input.to);
    await requireArtifact(services, project, environment, target);
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

  previewRollback: os.deployments.previewRollback.handler(async ({ input, context: { services, caller } }) => {
    const { project, environment } = await findBoth(services.store, caller.teamId, input);
    const target = await rollbackTarget(services.store, project, environment, input.to);
    await requireArtifact(services, project, environment, target);
    return previewRollback(services.store, environment, target);
  }),

  fix: os.deployments.fix.handler(async ({ input, context: { services, caller, traceparent } }) => {
    const { store } = services;
    const before = await findDeployment(store, caller.teamId, input.deployment);
    const suggestion = before.failure?.suggestion;
    if (before.failure === null)
      throw new CloudSmithError("invalid-input", `Deployment #${before.sequence} did not fail`, {
        why: `It is ${before.state}, so that there is nothing to fix`,
        fix: "Name a failed one",
      });
    if (suggestion === undefined)
      throw new CloudSmithError("invalid-input", "There is no automatic fix for this failure", {
        why: before.failure.message,
        fix: before.failure.fix,
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

async function liveBefore(store: Store, deployment: Deployment): Promise<Deployment | undefined> {
  const all = await history(store, { teamId: deployment.teamId, id: deployment.environmentId });
  return all.find((each) => each.sequence < deployment.sequence && each.state === "live");
}
