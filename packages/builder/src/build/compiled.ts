import { chmodSync, copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { walkTree } from "../archive/walk.ts";
import { restoreFrameworkCaches } from "../cache/framework-cache.ts";
import type { ArtifactContents, BuildContext, Builder } from "./build-context.ts";
import { programFile } from "../detect/go.ts";
import { runStep } from "./run-step.ts";
import { StepFailed } from "./step-failed.ts";

/** Apps that are compiled to one program: it and everything in the source that is not code of it, since templates and static files stand there. */
export function compiledBuilder(options: {
  /** Files and folders that only the build needs, by their paths. */
  readonly leftOut: RegExp;
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
      const skip = (path: string): boolean => options.leftOut.test(path);
      return Promise.resolve({
        entries: walkTree(context.folder.source, { skip, note: context.say }),
        plan: context.plan,
      });
    },
  };
}

export const goBuilder = compiledBuilder({
  leftOut: /(^|\/)(\.git|vendor|node_modules|testdata)$|\.go$|(^|\/)go\.(mod|sum|work|work\.sum)$/,
});

/** Cargo's program goes where the start expects it; its `target` folder is the cache of the next build. */
export const rustBuilder = compiledBuilder({
  leftOut: /(^|\/)(\.git|target|node_modules)$|\.rs$|(^|\/)Cargo\.(toml|lock)$|(^|\/)rust-toolchain(\.toml)?$/,
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
