import { join, sep } from "node:path";
import { existsSync, realpathSync, statSync } from "node:fs";
import { walkTree } from "../archive/walk.ts";
import { isEnvFile, isNeverTaken } from "../source/skipped.ts";
import type { ArtifactContents, BuildContext, Builder } from "./build-context.ts";
import { precompress } from "./precompress.ts";
import { StepFailed } from "./step-failed.ts";
import { runStep } from "./run-step.ts";

/** Plain files: nothing is installed or built unless settings say so; the output folder is the artifact. */
export const staticBuilder: Builder = {
  install: async (context) => {
    if (context.plan.commands.install !== null)
      await runStep(context, context.plan.commands.install, context.installRoot);
  },
  build: async (context) => {
    if (context.plan.commands.build !== null) await runStep(context, context.plan.commands.build, context.appRoot);
  },
  contents: staticContents,
};

const notServed = /(^|\/)(cloudsmith\.json|\.gitignore|\.gitattributes|\.dockerignore)$/;

/** The output folder with its compressed siblings. Throws a StepFailed with `build-output-missing` or `build-output-empty`. */
export async function staticContents(context: BuildContext): Promise<ArtifactContents> {
  const output = writtenOutput(context);
  const root = join(context.appRoot, output);
  // Whatever named it, a page or a link of the repository: nothing of this machine is served that is not the app's.
  if (!isInside(realpathSync(root), realpathSync(context.folder.source)))
    throw new StepFailed(missingOutput(output, undefined));
  const skip = (path: string): boolean => isNeverTaken(path) || isEnvFile(path) || notServed.test(path);
  const entries = [...walkTree(root, { skip, note: context.say })];
  if (!entries.some((entry) => entry.type === "file")) {
    throw new StepFailed({
      code: "build-output-empty",
      message: `The build left nothing in ${output}`,
      fix: "Check what the build command does, or name the folder it writes to (output in cloudsmith.json)",
    });
  }
  const plan = { ...context.plan, output };
  return { entries: await precompress(entries, context.folder.temp, context.signal), plan };
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

const usualOutputs = ["dist", "build", "out", "public", "_site", ".output/public", "www", "dist/client", "docs"];

/** The folder that the build wrote: the plan's, or another usual one that has a page where the plan's was only a guess. */
function writtenOutput(context: BuildContext): string {
  const output = context.plan.output ?? ".";
  if (statSync(join(context.appRoot, output), { throwIfNoEntry: false })?.isDirectory() === true) return output;
  const other = usualOutputs.find((name) => name !== output && existsSync(join(context.appRoot, name, "index.html")));
  const isGuess = context.plan.reasons.find((reason) => reason.field === "output")?.origin === "detected";
  if (other === undefined || !isGuess || context.plan.commands.build === null)
    throw new StepFailed(missingOutput(output, other));
  context.say(`The build wrote ${other} and not ${output}: ${other} is served`);
  return other;
}

function missingOutput(output: string, other: string | undefined): StepFailed["failure"] {
  return {
    code: "build-output-missing",
    message: `The build wrote no folder ${output}`,
    fix:
      other === undefined
        ? "Name the folder that the build writes to (output in cloudsmith.json or --output)"
        : `The build wrote ${other}: set output to ${other}`,
    ...(other !== undefined && { suggestion: { output: other } }),
  };
}
