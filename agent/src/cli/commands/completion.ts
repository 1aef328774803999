import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import tab from "@bomb.sh/tab/commander";
import { Argument, type Command } from "commander";
import { completionFile, shells, startFileLines, type Shell } from "../completion-files.ts";
import type { Cli, Define } from "../cli.ts";

/** `cloudsmith completion <shell>`; the program's other commands are loaded by then. */
export const define: Define = (command, cli) => {
  command
    .addArgument(new Argument("<shell>", "shell").choices(shells))
    .option("--install", "put it where the shell finds it by itself")
    .option("--remove", "take it away again")
    .action(async (shell: Shell, { install, remove }: { install?: boolean; remove?: boolean }) => {
      const file = completionFile(shell);
      if (install !== true && remove !== true) return cli.out.write(completionScript(command, shell));
      if (file === null)
        return cli.out.result({ file, line: startFileLines[shell] }, () => byHand(shell, install === true));
      if (remove === true) await rm(file, { force: true });
      else {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, completionScript(command, shell));
      }
      return cli.out.result({ file }, () =>
        remove === true ? `${file} removed` : `${file} written; open a new shell`,
      );
    });
};

function byHand(shell: Shell, add: boolean): string {
  return `${add ? "Add to" : "Remove from"} the start file of ${shell}: ${startFileLines[shell]}`;
}

function completionScript(command: Command, shell: Shell): string {
  const chunks: string[] = [];
  // The library prints the script; it is caught, since it may go to a file.
  const restore = redirectLog((text) => chunks.push(text));
  try {
    tab(rootOf(command)).setup("cloudsmith", "cloudsmith", shell);
  } finally {
    restore();
  }
  return `${chunks.join("\n")}\n`;
}

/* oxlint-disable no-console */
function redirectLog(take: (text: string) => void): () => void {
  const { log } = console;
  console.log = (...parts: unknown[]) => take(parts.join(" "));
  return () => {
    console.log = log;
  };
}
/* oxlint-enable no-console */

/** Answers a shell's question for what could come next: `cloudsmith complete -- words…`. */
export async function answerCompletion(program: Command, cli: Cli, words: readonly string[]): Promise<void> {
  const root = tab(program);
  const names = await projectNames(cli);
  for (const command of root.commands.values())
    if (command.arguments.has("project"))
      command.argument("project", (complete) => names.forEach((name) => complete(name, "project")));
  root.parse([...words]);
}

/** Names of projects, if an agent runs and answers soon; completion must never wait or start anything. */
async function projectNames(cli: Cli): Promise<string[]> {
  const limit = AbortSignal.timeout(500);
  try {
    const client = await cli.connect();
    const page = await client.projects.list({ limit: 200 }, { signal: limit });
    return page.items.map(({ project }) => project.name);
  } catch {
    return [];
  }
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
