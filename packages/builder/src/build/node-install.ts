import { join, posix } from "node:path";
import type { Command } from "@cloudsmith/contracts";
import { dependencyCache, type DependencyCache } from "../cache/dependency-cache.ts";
import type { BuildContext } from "./build-context.ts";
import { keepOnlyMember } from "./only-member.ts";
import { StepFailed } from "./step-failed.ts";
import { runStep, tryStep } from "./run-step.ts";
import { stepFailure } from "./step-failure.ts";

interface SecondTry {
  readonly manager: string;
  readonly pattern: RegExp;
  readonly argv: (context: BuildContext) => readonly string[];
  readonly because: string;
  readonly prepare?: (context: BuildContext) => void;
  /** Only for a member of a workspace, which stands below the root that is installed. */
  readonly member?: true;
}

/** What a person would try next when an install is refused; each is said in the log. */
const secondTries: readonly SecondTry[] = [
  {
    manager: "npm",
    pattern:
      /can only install packages when your package\.json and package-lock\.json|npm ci.*can only install with an existing package-lock|EUSAGE/,
    argv: () => ["npm", "install", "--no-audit", "--no-fund"],
    because: "package-lock.json is out of step with package.json: installing what package.json asks for",
  },
  {
    manager: "npm",
    pattern: /ERESOLVE/,
    argv: () => ["npm", "install", "--legacy-peer-deps", "--no-audit", "--no-fund"],
    because: "Peer dependencies conflict: installing with --legacy-peer-deps",
  },
  {
    manager: "pnpm",
    pattern:
      /ERR_PNPM_OUTDATED_LOCKFILE|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH|ERR_PNPM_LOCKFILE_BREAKING_CHANGE|ERR_PNPM_NO_LOCKFILE/,
    argv: () => ["pnpm", "install", "--no-frozen-lockfile"],
    because: "pnpm-lock.yaml is out of step with package.json: installing what package.json asks for",
  },
  {
    manager: "pnpm",
    pattern: /ERR_PNPM_(?:NO_MATCHING_VERSION|NO_VERSIONS|FETCH_4\d\d|WORKSPACE_PKG_NOT_FOUND)|ELIFECYCLE/,
    argv: ({ plan }) =>
      plan.packageManager?.lockfile == null
        ? ["pnpm", "install", "--no-frozen-lockfile"]
        : ["pnpm", "install", "--frozen-lockfile", "--filter", `{${posix.relative(plan.installDir, plan.appDir)}}...`],
    // Without a lockfile pnpm asks the registry for every member, whatever is filtered.
    prepare: ({ plan, folder }) => {
      if (plan.packageManager?.lockfile == null) keepOnlyMember(folder.source, plan);
    },
    because: "Another member of the workspace cannot be installed: installing what this app needs and nothing else",
    member: true,
  },
  {
    manager: "yarn",
    pattern: /lockfile needs to be updated/,
    argv: () => ["yarn", "install", "--non-interactive"],
    because: "yarn.lock is out of step with package.json: installing what package.json asks for",
  },
  {
    manager: "yarn",
    pattern: /YN0028/,
    argv: () => ["yarn", "install", "--no-immutable"],
    because: "yarn.lock is out of step with package.json: installing what package.json asks for",
  },
  {
    manager: "bun",
    pattern: /lockfile had changes, but lockfile is frozen/,
    argv: () => ["bun", "install"],
    because: "The lockfile is out of step with package.json: installing what package.json asks for",
  },
];

/** Installs the dependencies: from the cache where the same were installed before, else by the package manager. */
export async function installNode(build: BuildContext): Promise<void> {
  const command = build.plan.commands.install;
  if (command === null) return;
  const context = forInstall(build);
  const cache = isDetected(context) ? dependencyCache(context) : undefined;
  if (cache !== undefined && (await cache.restore())) {
    context.say("Dependencies are unchanged: taken from the cache");
    await runOwnScripts(context, cache);
    return;
  }
  if (await install(context, command)) await cache?.save();
}

/** NODE_ENV=production is meant for the app; an install that saw it would leave out what the build needs. */
function forInstall(context: BuildContext): BuildContext {
  const { NODE_ENV: mode, ...env } = context.env;
  return mode === "production" ? { ...context, env } : context;
}

/** What the app's own packages would have had run by an install. */
async function runOwnScripts(context: BuildContext, cache: DependencyCache): Promise<void> {
  for (const { folder, script } of cache.ownScripts) {
    await runStep(context, { argv: ["npm", "run", script] }, join(context.folder.source, folder));
  }
}

/** True where the lockfile was followed. */
async function install(context: BuildContext, command: Command): Promise<boolean> {
  const first = await tryStep(context, command, context.installRoot);
  if (first.code === 0 && first.stopped === undefined) return true;
  const log = first.lines.join("\n");
  const second =
    first.stopped === undefined && isDetected(context)
      ? secondTries.find(
          (row) =>
            row.manager === context.plan.packageManager?.name &&
            row.pattern.test(log) &&
            (row.member === undefined || context.plan.installDir !== context.plan.appDir),
        )
      : undefined;
  if (second === undefined) throw new StepFailed(stepFailure(context, command, first));
  context.say(second.because);
  second.prepare?.(context);
  await runStep(context, { argv: [...second.argv(context)] }, context.installRoot);
  return false;
}

/** A command that a person chose is run as it is and not replaced by another. */
function isDetected(context: BuildContext): boolean {
  return context.plan.reasons.find((reason) => reason.field === "commands.install")?.origin === "detected";
}
