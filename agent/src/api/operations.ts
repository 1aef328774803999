import { CloudSmithError } from "@cloudsmith/contracts";
import type { AgentServices } from "../services.ts";
import { os } from "./base.ts";
import { environmentView } from "./environment-view.ts";
import { filteredPage } from "./filtered-page.ts";
import { findBoth, findProject } from "./find.ts";

const groups = ["buildrelay", "docksage"] as const;

export const events = {
  status: os.events.status.handler(async ({ context: { services, caller } }) => {
    const letters = await deadLettersOf(services, caller.teamId, { limit: 1000 });
    return Promise.all(
      groups.map(async (group) => ({
        group,
        lag: await services.bus.lag(group),
        deadLetters: letters.items.filter((each) => each.group === group).length,
      })),
    );
  }),
  deadLetters: os.events.deadLetters.handler(async ({ input, context: { services, caller } }) => {
    const { items, cursor } = await deadLettersOf(services, caller.teamId, input);
    return {
      items: items.map(({ id, group, error, attempts, failedAt, event }) => ({
        id,
        group,
        error,
        attempts,
        failedAt,
        event,
        type: event.type,
        subject: event.partitionkey,
      })),
      cursor,
    };
  }),
  replay: os.events.replay.handler(async ({ input, context: { services, caller } }) => {
    await ownDeadLetter(services, caller.teamId, input.id);
    await services.bus.deadLetters.replay(input.id);
    return { done: true as const };
  }),
  discard: os.events.discard.handler(async ({ input, context: { services, caller } }) => {
    await ownDeadLetter(services, caller.teamId, input.id);
    await services.bus.deadLetters.discard(input.id);
    return { done: true as const };
  }),
};

/** The bus serves all teams; each sees its own events. */
function deadLettersOf({ bus }: AgentServices, teamId: string, page: { limit: number; cursor?: string | undefined }) {
  return filteredPage(
    (options) => bus.deadLetters.list(options),
    (letter) => letter.event.data.teamId === teamId,
    page,
  );
}

async function ownDeadLetter({ bus }: AgentServices, teamId: string, id: string): Promise<void> {
  const letter = await bus.deadLetters.get(id);
  if (letter?.event.data.teamId !== teamId)
    throw new CloudSmithError("not-found", `There is no dead letter ${id}`, {
      fix: "List them: cloudsmith events dlq",
    });
}

export const activity = {
  list: os.activity.list.handler(async ({ input, context: { services, caller } }) => {
    const { store } = services;
    const { teamId } = caller;
    const project = input.project === undefined ? undefined : (await findProject(store, teamId, input.project)).value;
    const { items, cursor } = await filteredPage(
      (options) => store.list("activityOfTeam", { teamId }, { ...options, order: "descending" }),
      ({ value }) =>
        (project === undefined || value.projectId === project.id) &&
        (input.actor === undefined || value.actor.id === input.actor) &&
        (input.action === undefined || value.action === input.action || value.action.startsWith(`${input.action}.`)),
      input,
    );
    return { items: items.map((item) => item.value), cursor };
  }),
};

export const metrics = {
  query: os.metrics.query.handler(async ({ input, context: { services, caller } }) => {
    const { environment } = await findBoth(services.store, caller.teamId, input);
    return services.telemetry.query({
      environmentId: environment.id,
      since: input.since,
      stepSeconds: input.stepSeconds,
      ...(input.until !== undefined && { until: input.until }),
    });
  }),
  top: os.metrics.top.handler(async ({ context: { services, caller } }) => {
    const page = await services.store.list("environmentsOfTeam", { teamId: caller.teamId }, { limit: 500 });
    const live = page.items.filter((item) => item.value.live !== null);
    const usage = await services.telemetry.usage();
    return Promise.all(
      live.map(async ({ value: environment }) => {
        const project = (await findProject(services.store, caller.teamId, environment.projectId)).value;
        const view = await environmentView(services, project, environment, usage);
        const { requests, errors, p95 } = await lastMinute(services, environment.id);
        const { state, cpuPercent, memoryMb, restarts } = view.observed;
        return {
          project: project.name,
          environment: environment.name,
          state,
          url: view.url,
          cpuPercent,
          memoryMb,
          restarts,
          requestsPerMinute: requests,
          errorsPerMinute: errors,
          latencyMsP95: p95,
        };
      }),
    );
  }),
};

async function lastMinute(services: AgentServices, environmentId: string) {
  const since = new Date(services.now().getTime() - 60_000).toISOString();
  const points = await services.telemetry.query({ environmentId, since, stepSeconds: 60 });
  const sum = (pick: (point: (typeof points)[number]) => number): number =>
    points.reduce((total, point) => total + pick(point), 0);
  return {
    requests: sum((point) => point.requests),
    errors: sum((point) => point.status5xx),
    p95: points.at(-1)?.latencyMsP95 ?? null,
  };
}
