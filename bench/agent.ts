import { setTimeout as wait } from "node:timers/promises";
import { Bundled } from "./bundled.ts";
import { median, residentMb, seconds, timed, type Bench } from "./measure.ts";

const rounds = 7;
/** How long an agent is left alone before its memory counts as idle, in milliseconds. */
const idleMs = 10_000;

export const agent: Bench = {
  name: "Agent and command line",
  how: `a new data folder each time; start is until the API answers; memory is resident, ${idleMs / 1000} s after; median of ${rounds}`,
  run: async () => {
    const starts: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await using installation = new Bundled();
      starts.push(await installation.startAgent());
    }
    await using installation = new Bundled();
    await installation.startAgent();
    const lists: number[] = [];
    for (let round = 0; round < rounds + 1; round++) lists.push(await timed(() => installation.cli("ls")));
    await wait(idleMs);
    const memory = await residentMb((await installation.connection())?.pid ?? 0);
    const start = median(starts);
    // The first call compiles; V8's cache serves the others, as it does a person.
    const list = median(lists.slice(1));
    return [
      { what: "agent start", figure: seconds(start), goal: "under 0.7 s", met: start < 700 },
      { what: "agent, idle", figure: `${memory.toFixed(0)} MB`, goal: "under 120 MB", met: memory < 120 },
      { what: "`cloudsmith ls`, whole process", figure: seconds(list), goal: "under 0.3 s", met: list < 300 },
    ];
  },
};
