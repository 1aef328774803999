import { createReadStream, existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { Argument, type Command } from "commander";
import { CloudSmithError } from "@cloudsmith/contracts";
import { pathsOf } from "../../paths.ts";
import { stopAgent } from "../agent-process.ts";
import { autostart } from "../autostart.ts";
import type { Cli, Define } from "../cli.ts";
import { hasScreen, openBrowser } from "../open-browser.ts";
import { errorBodyOf } from "../print-error.ts";

/** `cloudsmith agent start|stop|status|logs|autostart` */
export const define: Define = (command, cli) => {
  const sub = (usage: string, description: string): Command => command.command(usage).description(description);
  sub("start", "Start it; live apps come back with it")
    .option("--open", "then show its pages in the browser, signed in; without a screen, print the link")
    .action(({ open }: { open?: boolean }) => start(cli, open === true));
  sub("stop", "Stop it; apps go on unless asked")
    .option("--apps", "stop the apps too")
    .action(({ apps }: { apps?: boolean }) => stop(cli, apps === true));
  sub("status", "Whether it runs, and where").action(() => status(cli));
  sub("logs", "Its own log")
    .option("-f, --follow", "go on with what comes")
    .option("-n, --lines <number>", "how many lines from the end", "100")
    .action((options: { follow?: boolean; lines: string }) => logs(Number(options.lines), options.follow === true));
  sub("autostart", "Start it when you sign in, so that apps come back after a reboot")
    .addArgument(new Argument("[state]").choices(["on", "off", "status"]).default("status"))
    .action((state: "on" | "off" | "status") => changeAutostart(cli, state));
};

async function start(cli: Cli, open: boolean): Promise<void> {
  const client = await cli.connect({ start: true });
  const info = await client.system.info();
  const link = open ? (await client.auth.createSignInCode()).url : undefined;
  cli.out.result(info, () => [
    `${cli.out.colors.green("●")} CloudSmith ${info.version} runs (process ${info.pid})`,
    `  Launchboard    ${cli.out.colors.cyan(info.url)}`,
    `  API reference  ${cli.out.colors.cyan(`${info.url}/api`)}`,
    `  sign in        ${link === undefined ? cli.hint("open --ui") : `${cli.out.colors.cyan(link)} (once, within a minute)`}`,
    `  first app      ${cli.hint("deploy <folder or owner/repo>")}`,
  ]);
  if (link !== undefined && !cli.out.json && hasScreen()) await openBrowser(cli, link);
}

async function stop(cli: Cli, apps: boolean): Promise<void> {
  const client = await cli.connect().catch((error: unknown) => {
    if (errorBodyOf(error).code === "agent-unreachable") return undefined;
    throw error;
  });
  // Apps may be live while the agent is not: then it is needed once more to end them.
  const running = client ?? (apps ? await cli.connect({ start: true }) : undefined);
  if (running !== undefined) await stopAgent(running, apps ? "stop" : "keep");
  cli.out.result({ running: false, apps: apps ? "stopped" : "kept" }, () => {
    if (running === undefined) return "It was not running";
    return apps
      ? "Stopped, and the apps with it"
      : `Stopped; live apps go on. Stop them too: ${cli.hint("agent stop --apps")}`;
  });
}

async function status(cli: Cli): Promise<void> {
  try {
    const info = await (await cli.connect()).system.info();
    cli.out.result({ running: true, ...info }, () => [
      `${cli.out.colors.green("●")} runs: version ${info.version}, process ${info.pid}, since ${info.startedAt}`,
      `  ${cli.out.colors.cyan(info.url)}`,
      `  ${pathsOf().home}`,
    ]);
  } catch (error) {
    if (errorBodyOf(error).code !== "agent-unreachable") throw error;
    cli.out.result(
      { running: false },
      () => `${cli.out.colors.dim("■")} does not run. Start it: ${cli.hint("agent start")}`,
    );
    process.exitCode = 3;
  }
}

async function logs(count: number, follow: boolean): Promise<void> {
  const file = pathsOf().agentLog;
  if (!existsSync(file))
    throw new CloudSmithError("not-found", "The agent has left no log yet", { why: `${file} is not there` });
  const text = await readFile(file, "utf8");
  for (const line of text.trimEnd().split("\n").slice(-count)) process.stdout.write(`${line}\n`);
  let position = Buffer.byteLength(text);
  while (follow) {
    await wait(300);
    const { size } = statSync(file);
    if (size < position) position = 0;
    if (size === position) continue;
    for await (const chunk of createReadStream(file, { start: position, end: size - 1 })) process.stdout.write(chunk);
    position = size;
  }
}

async function changeAutostart(cli: Cli, state: "on" | "off" | "status"): Promise<void> {
  const platform = autostart();
  if (state === "on") await platform.turnOn();
  if (state === "off") await platform.turnOff();
  const on = await platform.isOn();
  cli.out.result({ autostart: on, by: platform.name }, () =>
    on ? `On: ${platform.name}` : `Off. Turn it on: ${cli.hint("agent autostart on")}`,
  );
}
