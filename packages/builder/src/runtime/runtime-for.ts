import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { CloudSmithError, type ArtifactManifest, type BuildPlan, type Command } from "@cloudsmith/contracts";
import { sitePackages } from "../build/python.ts";
import { hostPlatform } from "../platform.ts";
import { commandArgv } from "../process/run-supervised.ts";
import { enterImage } from "./sandbox.ts";
import { runtimeToolchains } from "./runtime-toolchains.ts";

export interface ProcessRuntime {
  readonly argv: string[];
  readonly cwd: string;
  /** PATH with the toolchains in front, and what the plan sets. PORT is the target's to set. */
  readonly env: Record<string, string>;
  /** The command that runs once before the switch. */
  readonly release?: { readonly argv: string[]; readonly cwd: string };
}

export interface StaticRuntime {
  readonly static: { readonly dir: string; readonly spa: boolean; readonly immutable: string[] };
}

/**
 * How an unpacked artifact is run on this machine: its start by absolute program, or its folder of files. A toolchain that the cache lost is fetched again.
 * Throws `artifact-platform-mismatch` where it was built for another platform.
 */
export async function runtimeFor(
  manifest: ArtifactManifest,
  options: {
    readonly cacheDir: string;
    readonly appRoot: string;
    readonly signal: AbortSignal;
    /** The folder that survives redeploys, for apps that see nothing else of this machine. */
    readonly persistDir?: string;
  },
): Promise<ProcessRuntime | StaticRuntime> {
  const { plan } = manifest;
  if (plan.serve.type === "static")
    return {
      static: { dir: join(options.appRoot, plan.serve.dir), spa: plan.serve.spa, immutable: plan.serve.immutable },
    };
  const platform = hostPlatform();
  if (
    manifest.platform.os !== platform.os ||
    manifest.platform.arch !== platform.arch ||
    manifest.platform.libc !== platform.libc
  ) {
    throw new CloudSmithError(
      "artifact-platform-mismatch",
      `The artifact was built for ${manifest.platform.os}/${manifest.platform.arch} and this is ${platform.os}/${platform.arch}`,
      { fix: "Deploy again, so that it is built for this machine" },
    );
  }
  if (plan.kind === "dockerfile") return imageRuntime(plan, plan.serve.start, options);
  const toolchains = await runtimeToolchains(manifest, { ...options, platform });
  const cwd = join(options.appRoot, plan.appDir);
  const bins = [
    ...new Set([
      join(cwd, "node_modules", ".bin"),
      join(options.appRoot, plan.installDir, "node_modules", ".bin"),
      join(cwd, "bin"),
    ]),
  ];
  if (plan.kind === "python") bins.push(join(cwd, sitePackages, "bin"));
  const path = [...bins, ...toolchains.map((toolchain) => toolchain.bin), "/usr/local/bin", "/usr/bin", "/bin"];
  const env = {
    ...runDefaults(plan.kind),
    ...plan.env.run,
    ...(plan.kind === "python" && { PYTHONPATH: pythonPath(cwd, plan.env.run["PYTHONPATH"]) }),
    PATH: path.join(delimiter),
  };
  const argv = resolveProgram(commandArgv(plan.serve.start), path, cwd);
  const release = plan.commands.release;
  return {
    argv,
    cwd,
    env,
    ...(release !== null && { release: { argv: resolveProgram(commandArgv(release), path, cwd), cwd } }),
  };
}

/** An image's command runs on the image's files and sees nothing else. */
function imageRuntime(
  plan: BuildPlan,
  start: Command,
  { appRoot, persistDir }: { readonly appRoot: string; readonly persistDir?: string },
): ProcessRuntime {
  const enter = (command: Command): string[] =>
    enterImage(plan, { rootfs: appRoot, argv: commandArgv(command), persistDir });
  const release = plan.commands.release;
  return {
    argv: enter(start),
    cwd: appRoot,
    env: { ...runDefaults(plan.kind), ...plan.env.run },
    ...(release !== null && { release: { argv: enter(release), cwd: appRoot } }),
  };
}

/** The app's own modules first, then its packages. */
function pythonPath(cwd: string, own: string | undefined): string {
  return [...(own === undefined ? [] : [join(cwd, own)]), cwd, join(cwd, sitePackages)].join(delimiter);
}

/** On this machine an app is reached through the proxy alone, so frameworks that ask where to listen are told the loopback. */
function runDefaults(kind: string): Record<string, string> {
  const shared = { HOST: "127.0.0.1", HOSTNAME: "127.0.0.1" };
  return kind === "node"
    ? { ...shared, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", npm_config_update_notifier: "false" }
    : kind === "python"
      ? { ...shared, PYTHONUNBUFFERED: "1" }
      : shared;
}

/** The program by its absolute path; one that is not found is left as it is, and starting it tells. */
function resolveProgram(argv: readonly [string, ...string[]], path: readonly string[], cwd: string): string[] {
  const [program, ...rest] = argv;
  if (isAbsolute(program)) return [program, ...rest];
  if (program.includes("/")) return [join(cwd, program), ...rest];
  const found = path.map((folder) => join(folder, program)).find(isProgram);
  return [found ?? program, ...rest];
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
