import { chmodSync, copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { walkTree } from "../archive/walk.ts";
import { restoreFrameworkCaches } from "../cache/framework-cache.ts";
import type { ArtifactContents, BuildContext, Builder } from "./build-context.ts";
import { programFile } from "../detect/go.ts";
import { joinPath } from "../plan/source-tree.ts";
import { runStep } from "./run-step.ts";
import { StepFailed } from "./step-failed.ts";

/** Apps that are compiled to one program: it and everything in the source that is not code of it, since templates and static files stand there. */
export function compiledBuilder(options: {
  /** Code and what its build leaves: by paths, and by folders that count only where the module's or the workspace's root is. */
  readonly leftOut: RegExp;
  readonly rootFolders: (root: string) => readonly string[];
  /** Puts what the build made where the plan's start expects it. */
  readonly collect?: (context: BuildContext) => void;
}): Builder {
  return {
    install: async (context) => {
      if (context.plan.commands.install !== null)
        await runStep(context, context.plan.commands.install, context.installRoot);
    },
    build: async (context) => {
      restoreFrameworkCaches(context);
      if (context.plan.commands.build !== null) await runStep(context, context.plan.commands.build, context.appRoot);
    },
    contents: (context): Promise<ArtifactContents> => {
      options.collect?.(context);
      const { source } = context.folder;
      const { appDir, installDir } = context.plan;
      const folders = new Set(
        [appDir, installDir].flatMap((dir) =>
          options.rootFolders(join(source, dir)).map((name) => joinPath(dir, name)),
        ),
      );
      const skip = (path: string): boolean => folders.has(path) || options.leftOut.test(path);
      return Promise.resolve({ entries: walkTree(source, { skip, note: context.say }), plan: context.plan });
    },
  };
}

/** A folder named vendor is Go's only beside the list of what is in it; templates, static files and test data may be read at run time. */
export const goBuilder = compiledBuilder({
  leftOut: /(^|\/)\.git$|\.go$|(^|\/)go\.(mod|sum|work|work\.sum)$/,
  rootFolders: (root) => (existsSync(join(root, "vendor", "modules.txt")) ? ["vendor"] : []),
});

/** Cargo's program goes where the start expects it; its `target` folder is the cache of the next build. */
export const rustBuilder = compiledBuilder({
  leftOut: /(^|\/)\.git$|\.rs$|(^|\/)Cargo\.(toml|lock)$|(^|\/)rust-toolchain(\.toml)?$/,
  rootFolders: () => ["target"],
  collect: ({ plan, appRoot, installRoot }) => {
    const made = [appRoot, installRoot].map((root) => join(root, plan.output ?? "")).find(existsSync);
    if (made === undefined) {
      throw new StepFailed({
        code: "build-output-missing",
        message: `The build made no ${plan.output ?? "program"}`,
        fix: "Check the build command and the name of the binary",
      });
    }
    mkdirSync(dirname(join(appRoot, programFile)), { recursive: true });
    copyFileSync(made, join(appRoot, programFile));
    chmodSync(join(appRoot, programFile), 0o755);
  },
});
