import type * as z from "zod";
import type { DoctorCheck } from "@cloudsmith/contracts/api";
import { pathsOf } from "../../paths.ts";
import type { Cli, Define } from "../cli.ts";
import { formatBytes } from "../format.ts";
import { errorBodyOf } from "../print-error.ts";
import { asTyped } from "../run-as.ts";

type Check = z.infer<typeof DoctorCheck>;

/** `cloudsmith doctor [--clean]` */
export const define: Define = (command, cli) => {
  command
    .option("--clean", "drop caches and what no deployment needs any more")
    .action(({ clean }: { clean?: boolean }) => (clean === true ? cleanUp(cli) : check(cli)));
};

const marks = { ok: ["✔", "green"], warning: ["!", "yellow"], failed: ["✖", "red"] } as const;

async function check(cli: Cli): Promise<void> {
  const checks = [await agentCheck(cli), ...(await agentChecks(cli))];
  cli.out.result(checks, () => {
    const width = Math.max(...checks.map(({ name }) => name.length));
    return checks.flatMap(({ name, status, message, fix }) => {
      const [mark, color] = marks[status];
      const line = `${cli.out.colors[color](mark)} ${name.padEnd(width)}  ${message}`;
      return fix === undefined
        ? [line]
        : [line, `  ${" ".repeat(width)}  ${cli.out.colors.dim("fix")} ${asTyped(fix)}`];
    });
  });
  if (checks.some(({ status }) => status === "failed")) process.exitCode = 1;
}

/** Whether there is an agent, or why none could be started: what the agent itself cannot say. */
async function agentCheck(cli: Cli): Promise<Check> {
  try {
    const info = await (await cli.connect({ start: true })).system.info();
    return { name: "agent", status: "ok", message: `${info.version}, process ${info.pid}, ${pathsOf().home}` };
  } catch (error) {
    const { message, cause, fix } = errorBodyOf(error);
    return {
      name: "agent",
      status: "failed",
      message: cause === undefined ? message : `${message}: ${cause}`,
      ...(fix !== undefined && { fix }),
    };
  }
}

async function agentChecks(cli: Cli): Promise<Check[]> {
  try {
    return await (await cli.connect()).system.doctor();
  } catch (error) {
    // The first check has said that there is no agent; anything else is told.
    if (errorBodyOf(error).code === "agent-unreachable") return [];
    throw error;
  }
}

async function cleanUp(cli: Cli): Promise<void> {
  const { freedBytes } = await (await cli.connect({ start: true })).system.clean();
  cli.out.result({ freedBytes }, () => `${formatBytes(freedBytes)} freed`);
}
