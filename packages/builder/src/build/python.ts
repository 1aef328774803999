import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Command } from "@cloudsmith/contracts";
import { walkTree } from "../archive/walk.ts";
import { linkTree } from "../cache/link-tree.ts";
import { pythonFolder } from "../detect/python.ts";
import { commandText } from "../plan/draft.ts";
import { pythonDependencies } from "../plan/python-dependencies.ts";
import { SourceTree } from "../plan/source-tree.ts";
import type { ArtifactContents, BuildContext, Builder } from "./build-context.ts";
import { runStep } from "./run-step.ts";

/**
 * Apps of Python. Packages are installed into a folder of the app and found by PYTHONPATH, since virtual environments cannot be moved:
 * their scripts and links name the folder they were made in.
 */
export const pythonBuilder: Builder = {
  install,
  build: async (context) => {
    if (context.plan.commands.build !== null)
      await runStep(withPackages(context), context.plan.commands.build, context.appRoot);
  },
  contents,
};

/** The folder of the installed packages, relative to the app's. */
export const sitePackages = `${pythonFolder}/site-packages`;

async function install(context: BuildContext): Promise<void> {
  const { plan, appRoot } = context;
  if (plan.commands.install === null) return;
  const { requirements } = pythonDependencies(new SourceTree(context.folder.source), plan.appDir);
  if (requirements !== undefined) {
    mkdirSync(join(appRoot, pythonFolder), { recursive: true });
    writeFileSync(join(appRoot, pythonFolder, "requirements.txt"), `${requirements.join("\n")}\n`);
  }
  const cached = cacheEntry(context);
  const target = join(appRoot, sitePackages);
  if (cached !== undefined && existsSync(cached)) {
    await linkTree(cached, target, { signal: context.signal });
    const now = new Date();
    utimesSync(cached, now, now);
    context.say("Packages: unchanged, used again");
    return;
  }
  await runInstall(context, plan.commands.install);
  await compile(context, target);
  if (cached !== undefined) await keep(target, cached, context);
}

/**
 * pip hands its variables on to the pip that installs what a package is built with, which takes no target beside its own prefix;
 * an argument stays with the pip that it is given to. A script of the repository's own gets the variable all the same.
 */
async function runInstall(context: BuildContext, command: Command): Promise<void> {
  const within = withPackages(context);
  const isPip = "argv" in command && command.argv.slice(0, 4).join(" ") === "python -m pip install";
  if (!isPip) return runStep(within, command, context.appRoot);
  const { PIP_TARGET: _, ...env } = within.env;
  await runStep({ ...within, env }, { argv: [...command.argv, "--target", sitePackages] }, context.appRoot);
}

/** pip and what it runs find and put packages in the app's folder. */
function withPackages(context: BuildContext): BuildContext {
  const target = join(context.appRoot, sitePackages);
  const own = context.plan.env.run["PYTHONPATH"];
  return {
    ...context,
    env: {
      ...context.env,
      PIP_TARGET: target,
      PIP_NO_COMPILE: "1",
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
      PIP_NO_INPUT: "1",
      PIP_ROOT_USER_ACTION: "ignore",
      PYTHONPATH: [...(own === undefined ? [] : [join(context.appRoot, own)]), context.appRoot, target].join(delimiter),
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
      PATH: [join(target, "bin"), context.env["PATH"] ?? ""].join(delimiter),
    },
  };
}

/** Byte code that does not look at times, so that equal packages give equal artifacts and start quickly. */
async function compile(context: BuildContext, target: string): Promise<void> {
  if (!existsSync(target)) return;
  const argv = ["python", "-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash", sitePackages];
  // A package may carry files for other versions of Python; what does not compile is compiled, or not, when it is imported.
  await runStep(context, { script: `${commandText({ argv })} || true` }, context.appRoot);
}

/** Where an install is kept: by everything that decides what it leaves. Undefined where that cannot be told. */
function cacheEntry(context: BuildContext): string | undefined {
  const { plan, toolchains, platform, cacheDir } = context;
  const tree = new SourceTree(context.folder.source);
  const { file, requirements, installSelf } = pythonDependencies(tree, plan.appDir);
  if (installSelf || plan.commands.install === null) return undefined;
  const lists = tree.find(plan.appDir, /requirements[^/]*(\/[^/]*)?\.(txt|in|lock)$/, { depth: 2, limit: 50 });
  const text = lists.map((path) => `${path}\0${tree.text(path) ?? ""}`).join("\0");
  const pinned = requirements !== undefined ? plan.packageManager?.lockfile !== null : file === null || isPinned(text);
  if (!pinned || /(^|\n)\s*(-e|--editable|\.{1,2}\/|\.$)/.test(text)) return undefined;
  const key = createHash("sha256").update(
    JSON.stringify([
      1,
      toolchains,
      platform,
      plan.commands.install,
      requirements ?? null,
      requirements === undefined ? text : "",
    ]),
  );
  return join(cacheDir, "dependencies", `python-${key.digest("hex")}`);
}

/** Whether each requirement names its version: else the same list gives other packages another day. */
function isPinned(text: string): boolean {
  return text
    .split(/[\0\n]/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => /^[A-Za-z0-9]/.test(line) && !/\.(txt|in|lock)$/.test(line))
    .every((line) => /===?\s*[\w.]+|@\s*\S+/.test(line));
}

async function keep(target: string, entry: string, context: BuildContext): Promise<void> {
  if (!existsSync(target)) return;
  const fresh = `${entry}.new-${randomUUID()}`;
  try {
    mkdirSync(dirname(entry), { recursive: true });
    await linkTree(target, fresh, { signal: context.signal });
    renameSync(fresh, entry);
  } catch (error) {
    context.signal.throwIfAborted();
    // Another build kept the same a moment ago.
    if (!(error instanceof Error && "code" in error)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const leftOut = /(^|\/)(\.git|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.venv|venv|node_modules\/\.cache)$/;

function contents(context: BuildContext): Promise<ArtifactContents> {
  const packages = `${context.plan.appDir === "" ? "" : `${context.plan.appDir}/`}${sitePackages}`;
  // Byte code of the packages is made for the artifact; other folders of that name are leftovers.
  const skip = (path: string, isFolder: boolean): boolean =>
    isFolder && leftOut.test(path) && !(path.startsWith(packages) && path.endsWith("__pycache__"));
  return Promise.resolve({ entries: walkTree(context.folder.source, { skip, note: context.say }), plan: context.plan });
}
