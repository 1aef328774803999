import { CommanderError } from "commander";
import { connectAgent } from "../connect.ts";
import type { Cli, Client } from "./cli.ts";
import { commandTable } from "./command-table.ts";
import { createOutput } from "./output.ts";
import { printError } from "./print-error.ts";
import { createProgram, usageError } from "./program.ts";
import { runAs } from "./run-as.ts";

/** Runs one command line and answers the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  const words = own.filter((arg) => !arg.startsWith("-"));
  const cli = createCli(own.includes("--json"), words);
  leaveQuietlyWhenNobodyReads();
  const named = words[0] === "help" ? words[1] : words[0];
  const known = commandTable.some(({ name }) => name === named);
  try {
    if (words[0] === "complete") return await complete(cli, args.slice(end + 1));
    const everything = named === "completion";
    const program = await createProgram(cli, (row) => everything || row.name === named);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
    // Commands that ended badly without an error have set it.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help")
      return printError(cli.out, usageError(error, cli, named));
    return printError(cli.out, usageError(error, cli, known ? named : undefined) ?? error);
  }
}

async function complete(cli: Cli, words: readonly string[]): Promise<number> {
  const program = await createProgram(cli, () => true);
  const { answerCompletion } = await import("./commands/completion.ts");
  await answerCompletion(program, cli, words);
  return 0;
}

function createCli(json: boolean, [command = "status", sub = ""]: readonly string[]): Cli {
  const out = createOutput({ json });
  const hint = (text: string): string => `${runAs()} ${text}`;
  const takesOption = command === "env" || command === "secret";
  return {
    out,
    hint,
    naming: (project) => hint(takesOption ? `${command} ${sub} -p ${project}` : `${command} ${project}`),
    async connect({ start = false } = {}): Promise<Client> {
      const { client } = await connectAgent({
        start,
        signal: AbortSignal.timeout(60_000),
        onStart: () => out.note("Starting CloudSmith…"),
      });
      return client;
    },
  };
}

/** `cloudsmith logs | head` closes our output early: that is the end, not an error. */
function leaveQuietlyWhenNobodyReads(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}
