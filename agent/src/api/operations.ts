import type { AgentServices } from "../services.ts";
import { os } from "./base.ts";
import { environmentView } from "./environment-view.ts";
import { findBoth, findProject } from "./find.ts";

export const events = {
  status: os.events.status.handler(async ({ context: { services } }) => {
    const letters = await services.bus.deadLetters.list({ limit: 1000 });
    return Promise.all(
      ["buildrelay", "docksage"].map(async (group) => ({
        group,
        lag: await services.bus.lag(group),
        deadLetters: letters.items.filter((each) => each.group === group).length,
      })),
    );
  }),
  deadLetters: os.events.deadLetters.handler(async ({ input, context: { services } }) => {
    const page = await services.bus.deadLetters.list({
      limit: input.limit,
      ...(input.cursor !== undefined && { cursor: input.cursor }),
    });
    return {
      items: page.items.map(({ id, group, error, attempts, failedAt, event }) => ({
        id,
        group,
        error,
        attempts,
        failedAt,
        event,
        type: event.type,
        subject: event.partitionkey,
      })),
      cursor: page.cursor ?? null,
    };
  }),
  replay: os.events.replay.handler(async ({ input, context: { services } }) => {
    await services.bus.deadLetters.replay(input.id);
    return { done: true as const };
  }),
  discard: os.events.discard.handler(async ({ input, context: { services } }) => {
    await services.bus.deadLetters.discard(input.id);
    return { done: true as const };
  }),
};

export const activity = {
  list: os.activity.list.handler(async ({ input, context: { services, caller } }) => {
    const project =
      input.project === undefined ? undefined : (await findProject(services.store, caller.teamId, input.project)).value;
    const page = await services.store.list(
      "activityOfTeam",
      { teamId: caller.teamId },
      { limit: input.limit, order: "descending", ...(input.cursor !== undefined && { cursor: input.cursor }) },
    );
    const items = page.items.map((item) => item.value);
    const concerns = (each: (typeof items)[number]): boolean =>
      project === undefined || each.projectId === project.id || each.subject.split(" ")[0] === project.name;
    return { items: items.filter(concerns), cursor: page.cursor ?? null };
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
