import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { answering, Bundled, settled } from "./bundled.ts";
import { manyEnvironments } from "./many-environments.ts";
import { cpuSeconds, median, residentMb, seconds, timed, type Bench, type Row } from "./measure.ts";

const many = { environments: 5000, live: 200, deployments: 3 };
const idleSeconds = 40;
const rounds = 5;

/** What one installation costs; times in milliseconds. */
interface Figures {
  readonly start: number;
  readonly idleCpuPercent: number;
  readonly list: number;
  readonly page: number;
  readonly redeploy: number;
  readonly redeployCpu: number;
  readonly memoryMb: number;
}

export const scale: Bench = {
  name: "Five thousand environments",
  how: `an installation with ${many.environments} environments, ${many.live} of them live, each with ${many.deployments} deployments, against one with a single one; processor time of the agent, since the machine is shared`,
  run: async () => {
    const one = await measure(undefined);
    const all = await measure(many);
    return [
      ratio("agent start, until it answers", one.start, all.start, seconds, 3),
      ratio("`cloudsmith ls`, whole process", one.list, all.list, seconds, 3),
      ratio("a page of 50 projects", one.page, all.page, milliseconds, undefined, 150),
      ratio("redeploy with nothing changed, to live", one.redeploy, all.redeploy, seconds, 2),
      ratio("processor time of that redeploy", one.redeployCpu, all.redeployCpu, seconds, 3),
      ratio(
        "processor, idle",
        one.idleCpuPercent,
        all.idleCpuPercent,
        (share) => `${share.toFixed(1)} %`,
        undefined,
        3,
      ),
      ratio("agent, resident", one.memoryMb, all.memoryMb, (mb) => `${mb.toFixed(0)} MB`, 2),
    ];
  },
};

/** A row that holds the figure against the same with one environment, or against a bound. */
function ratio(
  what: string,
  one: number,
  all: number,
  show: (value: number) => string,
  atMost: number | undefined,
  bound = Number.POSITIVE_INFINITY,
): Row {
  const goal = atMost === undefined ? `under ${show(bound)}` : `at most ${atMost}x`;
  return {
    what: `${what}: ${show(all)}, with one ${show(one)}`,
    figure: `${(all / one).toFixed(1)}x`,
    goal,
    met: atMost === undefined ? all < bound : all / one <= atMost,
  };
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}

async function measure(count: typeof many | undefined): Promise<Figures> {
  await using installation = new Bundled();
  const folder = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
  try {
    await installation.startAgent();
    const name = "pattern";
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, "index.html"), "<!doctype html><title>pattern</title>");
    let client = await installation.client();
    const { project } = await client.projects.ensure({ source: { type: "folder", path, dir: "" }, name });
    const deployment = await settled(client, await client.deployments.create({ project: name }));
    const { environment } = await client.environments.get({ project: name, environment: "production" });
    await installation.cli("agent", "stop", "--apps");
    if (count !== undefined)
      await manyEnvironments(
        join(installation.home, "cloudsmith.db"),
        { project: project.project, environment, deployment },
        count,
      );
    const start = await installation.startAgent();
    client = await installation.client();
    await answering(client, name);
    const pid = (await installation.connection())?.pid ?? 0;
    // What the start has to catch up with is not idling.
    await wait(15_000);
    const before = await cpuSeconds(pid);
    await wait(idleSeconds * 1000);
    const idle = (await cpuSeconds(pid)) - before;
    const lists: number[] = [];
    const pages: number[] = [];
    const redeploys: number[] = [];
    const cpu: number[] = [];
    for (let round = 0; round < rounds; round++) {
      lists.push(await timed(() => installation.cli("ls")));
      pages.push(await timed(() => client.projects.list({ limit: 50 })));
      const spent = await cpuSeconds(pid);
      redeploys.push(await timed(async () => settled(client, await client.deployments.redeploy({ project: name }))));
      cpu.push(((await cpuSeconds(pid)) - spent) * 1000);
    }
    return {
      start,
      idleCpuPercent: (idle / idleSeconds) * 100,
      list: median(lists),
      page: median(pages),
      redeploy: median(redeploys),
      redeployCpu: median(cpu),
      memoryMb: await residentMb(pid),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
