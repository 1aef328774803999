import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
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
  if (plan.packageManager?.name === "npm") return devFolders(context);
  const command = pruneCommands[plan.packageManager?.name ?? ""]?.(plan.packageManager?.version ?? null);
  if (command !== undefined) {
    const result = await tryStep(context, { argv: command }, context.installRoot);
    // Too much in the artifact is better than no deployment.
    if (result.code !== 0) context.say("Development dependencies could not be left out; the artifact holds them");
  }
  return () => false;
}

const pruneCommands: Readonly<Record<string, (version: string | null) => [string, ...string[]] | undefined>> = {
  pnpm: () => ["pnpm", "prune", "--prod", "--ignore-scripts"],
  yarn: (version) =>
    version !== null && /^1[.x]|^\^1|^~1/.test(version)
      ? [
          "yarn",
          "install",
          "--production",
          "--frozen-lockfile",
          "--ignore-scripts",
          "--prefer-offline",
          "--non-interactive",
        ]
      : undefined,
};

function devFolders(context: BuildContext): (path: string) => boolean {
  const lock = readLock(join(context.installRoot, "node_modules", ".package-lock.json"));
  if (lock === undefined) return () => false;
  const prefix = context.plan.installDir === "" ? "" : `${context.plan.installDir}/`;
  const dev = new Set(
    Object.entries(lock.packages).flatMap(([path, { dev: onlyDev }]) => (onlyDev === true ? [prefix + path] : [])),
  );
  return (path) => dev.has(path);
}

function readLock(file: string): z.infer<typeof HiddenLock> | undefined {
  try {
    return HiddenLock.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // An old npm leaves no such record; then everything is kept.
    return undefined;
  }
}
