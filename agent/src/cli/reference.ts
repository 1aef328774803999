import { errorTable } from "@cloudsmith/contracts";
import type { Command } from "commander";
import { endExits } from "./finish-deployment.ts";

/** The reference of the command line as Markdown, from the commands themselves: `docs/cli.md`. */
export function renderReference(program: Command): string {
  return [
    "# Command line",
    "",
    "From a checkout: `npm run -s cloudsmith -- <command>`; installed: `cloudsmith <command>`. A project is named by `shop`, an environment of it by `shop/staging`;",
    "in a project's folder both can be left out. A deployment is named by its id, by its number (`#3`, `shop#3`), or by its project for the newest one.",
    "",
    "## For programs",
    "`--json` gives one JSON document on standard output. Commands that follow something (`deploy`, `redeploy`, `rollback`, `fix`, `follow`, `logs`) give a line of JSON for each step:",
    '`{"type":"timeline",…}`, `{"type":"log",…}` and at the end `{"type":"result","deployment":…,"environment":…}` or `{"type":"detached",…}`. An error is',
    '`{"error":{"code","message","cause","fix","correlationId"}}`. `NO_COLOR` or `CI` turn colours and redrawing off; so does a pipe.',
    "",
    "Ctrl-C while a deployment is followed asks whether to leave it running or to cancel it; a second one leaves at once. Where nobody can be asked, an interrupt leaves.",
    "",
    "## Exit codes",
    "| code | when |",
    "| --- | --- |",
    ...exitRows(),
    "",
    ...program.commands.filter((command) => command.name() !== "help").flatMap((command) => describe(command, "")),
  ].join("\n");
}

const outcomes: Record<string, string> = {
  live: "what was deployed is live",
  failed: "the deployment failed",
  superseded: "a newer deployment took its place",
  canceled: "the deployment was canceled",
  detached: "the person left, the deployment goes on",
};

function exitRows(): string[] {
  const byExit = Map.groupBy(Object.entries(errorTable), ([, { exit }]): number => exit);
  const ends = Map.groupBy(Object.entries(endExits), ([, exit]): number => exit);
  const codes = [...new Set([0, 1, ...byExit.keys(), ...ends.keys()])].toSorted((a, b) => a - b);
  return codes.map((code) => {
    const errors = (byExit.get(code) ?? []).map(([name]) => `\`${name}\``);
    const how = (ends.get(code) ?? []).map(([end]) => outcomes[end] ?? end);
    const rest = code === 0 ? ["all went well"] : code === 1 ? ["a check of `doctor` failed"] : [];
    return `| ${code} | ${[...rest, ...how, ...errors].join(", ")} |`;
  });
}

function describe(command: Command, parent: string): string[] {
  const name = `${parent}${command.name()}`;
  const usage = command.registeredArguments.map((each) => {
    const text = `${each.name()}${each.variadic ? "..." : ""}`;
    return each.required ? ` <${text}>` : ` [${text}]`;
  });
  const options = command.options.filter(({ long }) => long !== "--json");
  const rows = [
    ...command.registeredArguments.map((each) => `| \`${each.name()}\` | ${each.description} |`),
    ...options.map((each) => `| \`${each.flags}\` | ${each.description} |`),
  ];
  return [
    `### \`${name}${usage.join("")}\``,
    command.description(),
    ...(rows.length === 0
      ? []
      : ["", "| | |", "| --- | --- |", ...rows.map((row) => row.replaceAll(" | |", " | – |"))]),
    "",
    ...command.commands.filter((each) => each.name() !== "help").flatMap((each) => describe(each, `${name} `)),
  ];
}
