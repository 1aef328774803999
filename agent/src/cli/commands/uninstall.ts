import { CloudSmithError } from "@cloudsmith/contracts";
import { existsSync } from "node:fs";
import { readdir, rm, rmdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathsOf } from "../../paths.ts";
import { stopAgent } from "../agent-process.ts";
import { ask } from "../ask.ts";
import { autostart } from "../autostart.ts";
import { completionFile, shells } from "../completion-files.ts";
import type { Cli, Define } from "../cli.ts";

/** `cloudsmith uninstall` */
export const define: Define = (command, cli) => {
  command.option("-y, --yes", "do not ask").action(async ({ yes }: { yes?: boolean }) => {
    const paths = pathsOf();
    if (yes !== true) {
      cli.out.note(`This stops every app and deletes ${paths.home} with all projects, data and logs in it.`);
      const typed = await ask("Type `uninstall` to go on: ", "Pass --yes");
      if (typed !== "uninstall") throw new CloudSmithError("aborted", "Nothing is changed");
    }
    const removed = [...(await removeAutostart()), ...(await removeCompletions()), ...(await removeData(cli))];
    cli.out.result({ removed }, () => [
      ...(removed.length === 0 ? ["There was nothing to remove"] : removed.map((each) => `removed ${each}`)),
      "What is left is the program itself: the folder or the npm package that you installed.",
    ]);
  });
};

async function removeAutostart(): Promise<string[]> {
  const platform = autostart();
  if (!(await platform.isOn())) return [];
  await platform.turnOff();
  return [platform.name];
}

async function removeCompletions(): Promise<string[]> {
  const files = shells.map((shell) => completionFile(shell)).filter((file) => file !== null && existsSync(file));
  for (const file of files) if (file !== null) await rm(file);
  return files.filter((file) => file !== null);
}

/** Stops apps, keeper and agent, then deletes what is ours in the data folder, and the folder if nothing else is in it. */
async function removeData(cli: Cli): Promise<string[]> {
  const paths = pathsOf();
  if (!existsSync(paths.home)) return [];
  const { home, ...own } = paths;
  // Apps may be live while the agent is not: only the agent can end them in order.
  if (existsSync(paths.database)) await stopAgent(await cli.connect({ start: true }), "stop");
  const names = [...Object.values(own).map((path) => basename(path)), "agent.lock"];
  for (const entry of await readdir(home)) {
    const ours = names.some((name) => entry === name || entry.startsWith(`${name}-`) || entry.startsWith(`${name}.`));
    if (ours) await rm(join(home, entry), { recursive: true, force: true, maxRetries: 5 });
  }
  const left = await readdir(home);
  if (left.length === 0) await rmdir(home);
  else cli.out.note(`Left in ${home}, since it is not CloudSmith's: ${left.join(", ")}`);
  return [home];
}
