import { open } from "node:fs/promises";
import { arch, cpus, platform, release, totalmem } from "node:os";
import type { Paths } from "../paths.ts";
import type { AgentServices } from "../services.ts";

/** Bytes of a log's end that go into the bundle. */
const logBytes = 200_000;

/** Files that help to understand what happened. Variables stand in it by name, secrets not at all, source code never. */
export async function makeSupportBundle(inputs: {
  paths: Paths;
  services: AgentServices;
  teamId: string;
}): Promise<{ name: string; content: string }[]> {
  const { paths, services, teamId } = inputs;
  const [checks, projects, deployments, letters, activity] = await Promise.all([
    services.doctor(AbortSignal.timeout(60_000)),
    services.store.list("projectsOfTeam", { teamId }, { limit: 200 }),
    services.store.list("deploymentsOfTeam", { teamId }, { limit: 200, order: "descending" }),
    services.bus.deadLetters.list({ limit: 200 }),
    services.store.list("activityOfTeam", { teamId }, { limit: 500, order: "descending" }),
  ]);
  const environments = await services.store.list("environmentsOfTeam", { teamId }, { limit: 200 });
  return [
    json("system.json", {
      ...services.info(),
      platform: platform(),
      release: release(),
      arch: arch(),
      cpus: cpus().length,
      memory: totalmem(),
      node: process.versions.node,
    }),
    json("doctor.json", checks),
    json(
      "projects.json",
      projects.items.map(({ value }) => ({
        ...value,
        settings: { ...value.settings, env: namesOf(value.settings.env) },
      })),
    ),
    json(
      "environments.json",
      environments.items.map(({ value }) => ({
        ...value,
        variables: namesOf(value.variables),
        secrets: namesOf(value.secrets),
      })),
    ),
    json(
      "deployments.json",
      deployments.items.map(({ value }) => ({
        ...value,
        plan:
          value.plan === null
            ? null
            : { ...value.plan, env: { build: namesOf(value.plan.env.build), run: namesOf(value.plan.env.run) } },
        flags: { ...value.flags, env: namesOf(value.flags.env) },
      })),
    ),
    json(
      "dead-letters.json",
      letters.items.filter((letter) => letter.event.data.teamId === teamId),
    ),
    json(
      "activity.json",
      activity.items.map((item) => item.value),
    ),
    { name: "agent.log", content: await tail(paths.agentLog) },
    { name: "keeper.log", content: await tail(`${paths.keeper}/keeper.log`) },
  ];
}

function namesOf(record: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.keys(record ?? {});
}

function json(name: string, value: unknown): { name: string; content: string } {
  return { name, content: `${JSON.stringify(value, null, 2)}\n` };
}

async function tail(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    const start = Math.max(0, size - logBytes);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - start), position: start });
    return buffer.subarray(0, bytesRead).toString("utf8");
  } catch {
    return "";
  }
}
