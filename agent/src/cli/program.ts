import { CloudSmithError } from "@cloudsmith/contracts";
import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import type { Cli } from "./cli.ts";
import { commandTable, type CommandRow } from "./command-table.ts";

/** The program with every command named and only the wanted ones loaded, since a file that is not needed costs start-up time. */
export async function createProgram(cli: Cli, wanted: (row: CommandRow) => boolean): Promise<Command> {
  const program = new Command("cloudsmith")
    .description("Deploy any repository to your own machine")
    .version(version, "-V, --version")
    .helpCommand("help [command]", "Help for a command")
    .commandsGroup("More:")
    .showHelpAfterError(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    // Messages go through our own errors, in one shape.
    .configureOutput({ writeErr: () => undefined });
  for (const row of commandTable) {
    const command = program.command(row.name).summary(row.summary).description(row.summary).helpGroup(`${row.group}:`);
    if (wanted(row)) (await row.load()).define(command, cli);
    else command.allowUnknownOption().allowExcessArguments();
    prepare(command);
  }
  return program;
}

/** Every command and its sub-commands take --json. */
function prepare(command: Command): void {
  if (!command.options.some(({ long }) => long === "--json"))
    command.option("--json", "for programs: JSON instead of text");
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const sub of command.commands) prepare(sub);
}

/** Turns commander's complaint into our error; undefined where it only showed help or the version. */
export function usageError(error: unknown, cli: Cli, commandName: string | undefined): CloudSmithError | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  const help = commandName === undefined ? "help" : `help ${commandName}`;
  return new CloudSmithError("invalid-input", sentence(error.message.replace(/^error: /, "")), {
    fix: `See ${cli.hint(help)}`,
  });
}

function sentence(text: string): string {
  const line = text.split("\n").join(" ");
  return line.charAt(0).toUpperCase() + line.slice(1);
}
