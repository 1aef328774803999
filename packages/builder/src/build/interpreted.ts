import { CloudSmithError } from "@cloudsmith/contracts";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { walkTree } from "../archive/walk.ts";
import { restoreFrameworkCaches } from "../cache/framework-cache.ts";
import type { BuildContext, Builder } from "./build-context.ts";
import { runStep } from "./run-step.ts";

interface InterpretedOptions {
  /** Folders that neither the app nor its packages need, by their paths below the app's folder. */
  readonly leftOut: readonly string[];
  /** The program that installs packages, and what to do where the machine has none. */
  readonly installer: { readonly program: string; readonly install: string };
}

/** Apps that run from their source, with packages in a folder of the app. */
function interpretedBuilder({ leftOut, installer }: InterpretedOptions): Builder {
  return {
    install: async (context) => {
      const { install } = context.plan.commands;
      if (install === null) return;
      if ("argv" in install && install.argv[0] === installer.program) needProgram(context, installer);
      await runStep(context, install, context.appRoot);
    },
    build: async (context) => {
      if (context.plan.commands.build === null) return;
      restoreFrameworkCaches(context);
      await runStep(context, context.plan.commands.build, context.appRoot);
    },
    contents: (context) => {
      const { appDir, caches } = context.plan;
      const skipped = new Set([...leftOut, ...caches].map((name) => (appDir === "" ? name : `${appDir}/${name}`)));
      const skip = (path: string, isFolder: boolean): boolean => isFolder && skipped.has(path);
      return Promise.resolve({
        entries: walkTree(context.folder.source, { skip, note: context.say }),
        plan: context.plan,
      });
    },
  };
}

function needProgram(context: BuildContext, { program, install }: InterpretedOptions["installer"]): void {
  if ((context.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)))) return;
  throw new CloudSmithError("toolchain-missing", `This app needs ${program}, which is not on this machine`, {
    fix: install,
  });
}

export const rubyBuilder = interpretedBuilder({
  leftOut: [".git", "log", "tmp/cache", "node_modules", "vendor/cache", ".bundle"],
  installer: {
    program: "bundle",
    install: "Install Bundler (gem install bundler; Debian and Ubuntu: apt install bundler)",
  },
});

export const phpBuilder = interpretedBuilder({
  leftOut: [".git", "node_modules"],
  installer: {
    program: "composer",
    install: "Install Composer (Debian and Ubuntu: apt install composer; macOS: brew install composer)",
  },
});
