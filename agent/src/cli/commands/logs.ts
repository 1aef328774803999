import { logParts, type LogLineView } from "@cloudsmith/contracts/api";
import { InvalidArgumentError } from "commander";
import type { Cli, Client, Define } from "../cli.ts";
import { findDeployment } from "../find-deployment.ts";
import { findEnvironment } from "../find-environment.ts";
import { watchLive } from "../watch-live.ts";

interface LogsOptions {
  readonly environment?: string;
  readonly follow?: boolean;
  readonly build?: boolean;
  readonly since?: string;
  readonly grep?: string;
  readonly lines: number;
  readonly timestamps?: boolean;
}

/** `cloudsmith logs [project|deployment]` */
export const define: Define = (command, cli) => {
  command
    .argument("[project]", "project, project/environment, or with --build a deployment")
    .option("-e, --environment <name>", "environment")
    .option("-f, --follow", "go on with what comes")
    .option("--build", "the log of a deployment: preparing, build and release command")
    .option("--since <time>", "only newer lines: 10m, 2h, 3d or an ISO time", parseSince)
    .option("--grep <text>", "only lines that contain this, whatever the case")
    .option("-n, --lines <number>", "how many lines from the end", parseCount, 200)
    .option("-t, --timestamps", "with the time of each line")
    .action((name: string | undefined, options: LogsOptions) =>
      options.build === true ? buildLogs(cli, name, options) : runLogs(cli, name, options),
    );
};

type Filter = { readonly since?: string; readonly grep?: string };

function filterOf({ since, grep }: LogsOptions): Filter {
  return { ...(since !== undefined && { since }), ...(grep !== undefined && { grep }) };
}

async function runLogs(cli: Cli, name: string | undefined, options: LogsOptions): Promise<void> {
  const client = await cli.connect();
  const where = await findEnvironment(cli, client, name, options.environment);
  const page = await client.logs.run({ ...where, ...filterOf(options), last: options.lines });
  const seen = page.lines.at(-1)?.position ?? -1;
  print(cli, page.lines, options);
  if (options.follow !== true) {
    if (page.release === null) cli.out.note(`${where.project} is not live in ${where.environment}`);
    return;
  }
  const source = `release/${page.release}`;
  const subscription = { type: "run-log" as const, key: "r", ...where, last: 1000 };
  for await (const message of watchLive(cli, [subscription], new AbortController().signal)) {
    if (message.type !== "log") continue;
    // The stream begins with the last lines too, so that none is lost between the reading and the stream.
    const fresh = message.lines.filter((line) => message.source !== source || line.position > seen);
    print(cli, fresh.filter(matcher(options)), options);
  }
}

async function buildLogs(cli: Cli, name: string | undefined, options: LogsOptions): Promise<void> {
  const client = await cli.connect();
  const deployment = await findDeployment(cli, client, name, options.environment);
  if (options.follow !== true) {
    for (const part of logParts) await printPart(cli, client, deployment.id, part, options);
    return;
  }
  const subscription = { type: "deployment" as const, key: "b", deployment: deployment.id, after: 0, logs: true };
  for await (const message of watchLive(cli, [subscription], new AbortController().signal))
    if (message.type === "log") print(cli, message.lines.filter(matcher(options)), options);
}

async function printPart(
  cli: Cli,
  client: Client,
  deployment: string,
  part: (typeof logParts)[number],
  options: LogsOptions,
): Promise<void> {
  let after: number | undefined;
  for (;;) {
    const page = await client.logs.build({
      deployment,
      part,
      ...filterOf(options),
      ...(after !== undefined && { after }),
    });
    print(cli, page.lines, options);
    if (page.next === null || page.lines.length === 0) return;
    after = page.next;
  }
}

function print(cli: Cli, lines: readonly LogLineView[], { timestamps }: LogsOptions): void {
  const { colors } = cli.out;
  for (const line of lines) {
    const time = timestamps === true ? `${colors.dim(line.at)} ` : "";
    const text = line.stream === "system" ? colors.cyan(line.text) : line.text;
    cli.out.item(line, () => `${time}${text}`);
  }
}

/** What the server filters in pages, for lines that come by the stream. */
function matcher({ grep, since }: LogsOptions): (line: LogLineView) => boolean {
  const wanted = grep?.toLowerCase();
  return ({ text, at }) =>
    (wanted === undefined || text.toLowerCase().includes(wanted)) && (since === undefined || at >= since);
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3600_000, d: 86_400_000 };

function parseSince(text: string): string {
  const match = /^(\d+)([smhd])$/.exec(text);
  const at = match === null ? Date.parse(text) : Date.now() - Number(match[1]) * (unitMs[match[2] ?? ""] ?? 0);
  if (Number.isNaN(at)) throw new InvalidArgumentError("Give 30s, 10m, 2h, 3d or an ISO time.");
  return new Date(at).toISOString();
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 5000) return count;
  throw new InvalidArgumentError("Give a number from 1 to 5000.");
}
