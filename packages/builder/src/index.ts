export { isBuildTimeName } from "./frameworks.ts";
export { buildKey, type BuildKeyInput } from "./build-key.ts";
export { buildSteps, type BuildLimits, type BuildStep } from "./build/build-context.ts";
export { runBuild, type BuildOptions, type BuildResult } from "./build/run-build.ts";
export { sweepBuilds } from "./build/work-folder.ts";
export { trimCaches } from "./cache/trim-caches.ts";
export { diagnose, type DiagnoseInput } from "./diagnose/diagnose.ts";
export { isRefusedHost } from "./diagnose/explain-run.ts";
export type { FoundApp } from "./plan/find-apps.ts";
export { planSource, type PlanOptions, type PlanResult } from "./plan/plan-source.ts";
export { wantedVariablesOf, type WantedVariable } from "./plan/wanted-variables.ts";
export { hostPlatform } from "./platform.ts";
export { endOrphanedWork, markWork } from "./process/orphaned-work.ts";
export { runCommand, type RunCommandOptions, type RunCommandResult } from "./process/run-command.ts";
export { openArtifact, type OpenArtifactOptions } from "./runtime/open-artifact.ts";
export { runtimeFor, type ProcessRuntime, type StaticRuntime } from "./runtime/runtime-for.ts";
export { checkGitRef } from "./source/fetch-git.ts";
export { listRefs, type GitRefs } from "./source/list-refs.ts";
export { parseSource } from "./source/parse-source.ts";
export {
  takeSource,
  unpackSource,
  type SourceLimits,
  type TakenSource,
  type TakeOptions,
} from "./source/take-source.ts";
