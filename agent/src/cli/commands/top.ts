import { setTimeout as wait } from "node:timers/promises";
import type { Cli, Client, Define } from "../cli.ts";
import { formatTable } from "../format.ts";

const everyMs = 2000;

/** `cloudsmith top` */
export const define: Define = (command, cli) => {
  command.option("--once", "one table instead of one that goes on").action(async ({ once }: { once?: boolean }) => {
    const client = await cli.connect();
    if (once === true || !cli.out.live) {
      const rows = await client.metrics.top();
      cli.out.result(rows, () => table(cli, rows));
      return;
    }
    for (let drawn = 0; ; await wait(everyMs)) {
      const lines = table(cli, await client.metrics.top());
      cli.out.write(`${drawn === 0 ? "" : `\u001B[${drawn}A\u001B[J`}${lines.join("\n")}\n`);
      drawn = lines.length;
    }
  });
};

function table({ out: { colors } }: Cli, rows: Awaited<ReturnType<Client["metrics"]["top"]>>): string[] {
  const number = (value: number | null, digits = 0): string =>
    (value === null ? "–" : value.toFixed(digits)).padStart(6);
  return formatTable(
    ["project", "environment", "state", " cpu %", "    MB", " req/m", " err/m", "p95 ms", "restarts", "address"],
    rows.map((each) => [
      colors.bold(each.project),
      each.environment,
      each.state,
      number(each.cpuPercent, 1),
      number(each.memoryMb),
      number(each.requestsPerMinute),
      number(each.errorsPerMinute),
      number(each.latencyMsP95),
      number(each.restarts),
      each.url ?? "",
    ]),
  );
}
