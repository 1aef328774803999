import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Command } from "@cloudsmith/contracts";
import { isBerry } from "../plan/package-manager.ts";
import { joinPath, SourceTree } from "../plan/source-tree.ts";
import { workspacePatterns } from "../plan/workspace.ts";
import type { BuildContext } from "./build-context.ts";
import { tryStep } from "./run-step.ts";

const HiddenLock = z.object({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) });

/**
 * Leaves out of the artifact what only `devDependencies` need. npm's own record of what it installed says which folders those are, so nothing has to run;
 * other package managers prune their tree themselves. The function tells of a path whether it is left out.
 */
export async function pruneNode(context: BuildContext): Promise<(path: string) => boolean> {
  const { plan } = context;
  if (plan.devDependencies === "keep" || plan.commands.install === null) return () => false;
  const lock = plan.packageManager?.name === "npm" ? readLock(context) : undefined;
  if (lock !== undefined) return devFolders(context, lock);
  const command = pruneCommand(context);
  if (command !== undefined) {
    const result = await tryStep(context, command, context.installRoot);
    // Too much in the artifact is better than no deployment.
    if (result.code !== 0) context.say("Development dependencies could not be left out; the artifact holds them");
  }
  return () => false;
}

type PruneCommand = (version: string | null, install: readonly string[]) => Command | undefined;

const pruneCommands: Readonly<Record<string, PruneCommand>> = {
  npm: () => ({ argv: ["npm", "prune", "--production"] }),
  pnpm: () => ({ argv: ["pnpm", "prune", "--prod", "--ignore-scripts"] }),
  bun: () => ({ argv: ["bun", "install", "--production", "--ignore-scripts"] }),
  // Yarn 4 can do it by itself, 2 and 3 with a plugin only; `install` may begin with the release that the repository carries.
  yarn: (version, install) =>
    isBerry(version)
      ? {
          argv: [
            install[0] ?? "yarn",
            ...(install[0] === "node" ? [install[1] ?? ""] : []),
            "workspaces",
            "focus",
            "--all",
            "--production",
          ],
        }
      : {
          argv: [
            "yarn",
            "install",
            "--production",
            "--frozen-lockfile",
            "--ignore-scripts",
            "--prefer-offline",
            "--non-interactive",
          ],
        },
};

/** In a workspace only npm and yarn can do it without building native packages anew. */
function pruneCommand({ plan, folder }: BuildContext): Command | undefined {
  const manager = plan.packageManager;
  if (manager === null || plan.commands.install === null || !("argv" in plan.commands.install)) return undefined;
  const isWorkspace = workspacePatterns(new SourceTree(folder.source), joinPath(plan.installDir)) !== undefined;
  if (isWorkspace && (manager.name === "pnpm" || manager.name === "bun")) return undefined;
  return pruneCommands[manager.name]?.(manager.version, plan.commands.install.argv);
}

function devFolders(context: BuildContext, lock: z.infer<typeof HiddenLock>): (path: string) => boolean {
  const prefix = context.plan.installDir === "" ? "" : `${context.plan.installDir}/`;
  const dev = new Set(
    Object.entries(lock.packages).flatMap(([path, { dev: onlyDev }]) => (onlyDev === true ? [prefix + path] : [])),
  );
  return (path) => dev.has(path);
}

function readLock(context: BuildContext): z.infer<typeof HiddenLock> | undefined {
  try {
    const file = join(context.installRoot, "node_modules", ".package-lock.json");
    return HiddenLock.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // npm 6 and older leave no such record.
    return undefined;
  }
}
