import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { BlobStore } from "@cloudsmith/blobs";
import {
  CloudSmithError,
  toCloudSmithError,
  type ArtifactManifest,
  type BuildPlan,
  type Digest,
  type Failure,
} from "@cloudsmith/contracts";
import { createMasker, type LogLine } from "@cloudsmith/logs";
import { diagnose } from "../diagnose/diagnose.ts";
import { hostPlatform } from "../platform.ts";
import { unpackSource } from "../source/take-source.ts";
import { provideToolchains } from "../toolchains/provide.ts";
import type { BuildContext, BuildLimits, BuildStep } from "./build-context.ts";
import { builders } from "./builders.ts";
import { cleanEnvironment } from "./clean-environment.ts";
import { StepFailed } from "./step-failed.ts";
import { uploadArtifact } from "./upload-artifact.ts";
import { useCaches } from "../cache/cache-use.ts";
import { saveFrameworkCaches } from "../cache/framework-cache.ts";
import { makeWorkFolder } from "./work-folder.ts";

export type BuildResult =
  | { readonly ok: true; readonly manifest: ArtifactManifest }
  | { readonly ok: false; readonly failure: Failure };

export interface BuildOptions {
  readonly teamId: string;
  readonly source: Digest;
  readonly plan: BuildPlan;
  /** Build variables and secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Values of secrets; the caller's log masks them, failures are masked here. */
  readonly secrets: readonly string[];
  readonly blobs: BlobStore;
  readonly workDir: string;
  readonly cacheDir: string;
  /** What shares framework caches between its builds, such as a project's id; the team where it is not given. */
  readonly cacheKey?: string;
  readonly limits: BuildLimits;
  readonly signal: AbortSignal;
  readonly log: (line: LogLine) => void;
  readonly onStep?: (step: BuildStep, state: "start" | "end") => void;
}

/**
 * Builds a source by its plan on this machine and uploads the artifact. A build that fails is a result with a diagnosis; a canceled one throws `aborted`.
 * However it ends, no process and no folder of it is left.
 */
export async function runBuild(options: BuildOptions): Promise<BuildResult> {
  const lines: string[] = [];
  let written = 0;
  const log = (line: LogLine): void => {
    written += 1;
    if (lines.length < 200_000) lines.push(line.text);
    options.log(line);
  };
  const limits = {
    ...options.limits,
    seconds: options.plan.limits.buildSeconds ?? options.limits.seconds,
    memoryMb: options.plan.limits.buildMemoryMb ?? options.limits.memoryMb,
  };
  try {
    return { ok: true, manifest: await build({ ...options, limits, log, lineCount: () => written }) };
  } catch (error) {
    if (options.signal.aborted) throw new CloudSmithError("aborted", "The build was canceled", { cause: error });
    return { ok: false, failure: maskFailure(failureOf(error, options.plan, lines), options.secrets) };
  }
}

async function build(options: BuildOptions & { readonly lineCount: () => number }): Promise<ArtifactManifest> {
  const { plan, signal, cacheDir } = options;
  const platform = hostPlatform();
  using _caches = useCaches();
  await using folder = makeWorkFolder(options.workDir, randomUUID());
  const step = async <T>(name: BuildStep, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    options.onStep?.(name, "start");
    const result = await work();
    options.onStep?.(name, "end");
    return result;
  };
  const say = (text: string): void => options.log({ at: new Date().toISOString(), stream: "system", text });
  await step("unpack", () =>
    unpackSource(options.source, { teamId: options.teamId, blobs: options.blobs, to: folder.source, signal }),
  );
  const needed =
    plan.commands.install === null && plan.commands.build === null && plan.serve.type === "static"
      ? {}
      : withNpm(plan.toolchains);
  const toolchains = await step("toolchain", () => provideToolchains(needed, { cacheDir, platform, signal, log: say }));
  const installRoot = join(folder.source, plan.installDir);
  const appRoot = join(folder.source, plan.appDir);
  const bins = [
    ...new Set([join(appRoot, "node_modules", ".bin"), join(installRoot, "node_modules", ".bin")]),
    ...toolchains.map((toolchain) => toolchain.bin),
  ];
  const env =
    Object.keys(needed).length === 0 && plan.commands.build === null && plan.image === undefined
      ? {}
      : await cleanEnvironment({
          folder,
          cacheDir,
          plan,
          variables: options.env,
          bins,
          toolchains,
          memoryMb: options.limits.memoryMb,
        });
  const context: BuildContext = {
    plan,
    folder,
    installRoot,
    appRoot,
    env,
    cacheDir,
    platform,
    signal,
    say,
    log: options.log,
    lineCount: options.lineCount,
    cacheKey: options.cacheKey ?? options.teamId,
    limits: options.limits,
    deadline: Date.now() + options.limits.seconds * 1000,
    toolchains: Object.fromEntries(toolchains.map(({ name, version }) => [name, version])),
    buildVariables: options.env,
  };
  const builder = builders[plan.kind];
  let stopped = false;
  try {
    await step("install", () => builder.install(context));
    await step("build", () => builder.build(context));
    const contents = await step("prune", () => builder.contents(context));
    return await uploadArtifact(context, contents, { teamId: options.teamId, blobs: options.blobs, step });
  } catch (error) {
    stopped = signal.aborted || (error instanceof StepFailed && stops.has(error.failure.code));
    throw error;
  } finally {
    // What a failed build compiled is good for the next one; a stopped one may have left half of a file.
    if (!stopped) saveFrameworkCaches(context);
  }
}

const stops: ReadonlySet<string> = new Set(["out-of-memory", "build-timeout", "disk-full"]);

/** npm comes with Node: it is there for scripts that call it, in the version of this machine where none was asked for. */
function withNpm(toolchains: Readonly<Record<string, string>>): Record<string, string> {
  return toolchains["node"] === undefined || toolchains["npm"] !== undefined
    ? { ...toolchains }
    : { ...toolchains, npm: npmFor(toolchains["node"]) };
}

/** npm's own `engines`, by the Node line it is to run on; the newest lines take what the machine has. */
function npmFor(node: string): string {
  const line = Number(/\d+/.exec(node)?.[0] ?? "24");
  if (line >= 22) return "*";
  if (line >= 18) return "10.x";
  if (line >= 14) return "8.x || 9.x <9.7";
  return "6.x";
}

function failureOf(error: unknown, plan: BuildPlan, lines: readonly string[]): Failure {
  if (error instanceof StepFailed) return error.failure;
  const known = toCloudSmithError(error);
  if (known.code === "internal" && lines.length > 0)
    return { ...diagnose({ stage: "building", plan, log: lines }), cause: known.why ?? known.message };
  return {
    code: known.code,
    message: known.message,
    ...(known.why !== undefined && { cause: known.why }),
    ...(known.fix !== undefined && { fix: known.fix }),
  };
}

function maskFailure(failure: Failure, secrets: readonly string[]): Failure {
  const mask = createMasker(secrets);
  return {
    ...failure,
    message: mask(failure.message),
    ...(failure.cause !== undefined && { cause: mask(failure.cause) }),
    ...(failure.fix !== undefined && { fix: mask(failure.fix) }),
    ...(failure.excerpt !== undefined && { excerpt: failure.excerpt.map(mask) }),
  };
}
