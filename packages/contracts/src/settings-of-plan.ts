import type { BuildPlan, Command, PlanSettings } from "./plan.ts";

/** Where the rules of `cloudsmith.json` are published; editors check and complete by them. */
export const settingsSchemaUrl = "https://cloudsmith.dev/cloudsmith.schema.json";

/**
 * The content of `cloudsmith.json` that decides what a plan decided, to be looked at and changed: what is as it would be without a plan is left out, and so is what
 * only CloudSmith's own build can say (commands that name its folder). Planning with it gives the same plan.
 */
export function settingsOfPlan(plan: BuildPlan): PlanSettings {
  const { install, build, release } = plan.commands;
  return {
    $schema: settingsSchemaUrl,
    ...(plan.framework !== null && { framework: plan.framework }),
    ...jsManager(plan),
    ...dockerfile(plan),
    ...(Object.keys(plan.toolchains).length > 0 && { toolchains: lines(plan.toolchains) }),
    ...commandOf("install", install),
    ...commandOf("build", build),
    ...commandOf("release", release),
    ...served(plan),
    ...(plan.port !== null && { port: plan.port }),
    ...(plan.health.path !== "/" || plan.health.startSeconds !== usualStartSeconds ? { health: plan.health } : {}),
    ...(plan.persist !== null && { persist: plan.persist }),
    ...limits(plan),
  };
}

/** How long a start may take where nothing else is said. */
const usualStartSeconds = 60;

function jsManager({ packageManager }: BuildPlan): Pick<PlanSettings, "packageManager"> {
  const name = (["npm", "pnpm", "yarn", "bun"] as const).find((each) => each === packageManager?.name);
  return name === undefined ? {} : { packageManager: name };
}

/** A compose file says more of its service than a Dockerfile's name, and goes on doing so. */
function dockerfile({ image, appDir }: BuildPlan): Pick<PlanSettings, "dockerfile"> {
  if (image === undefined || image.context !== appDir) return {};
  return { dockerfile: appDir === "" ? image.dockerfile : image.dockerfile.slice(appDir.length + 1) };
}

/** An exact version becomes its line: a file that is committed should not hold back fixes. */
function lines(toolchains: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(toolchains).map(([name, version]) => [name, version.replace(/^(\d+)\.\d+\.\d+$/, "$1.x")]),
  );
}

function commandOf<K extends "install" | "build" | "release" | "start">(
  key: K,
  command: Command | null,
): { readonly [key in K]?: string } {
  const text = command === null ? undefined : typed(command);
  // Indexed by the one key that the type names.
  return text === undefined ? {} : ({ [key]: text } as { readonly [key in K]?: string });
}

/** A command as it is typed into a shell; undefined where it names what only CloudSmith's own build makes. */
function typed(command: Command): string | undefined {
  const text = "script" in command ? command.script : command.argv.map(quoted).join(" ");
  return text.includes(".cloudsmith/") || text.startsWith("(") ? undefined : text;
}

/** A word as a POSIX shell reads it back; variables stay what they are. */
function quoted(word: string): string {
  return /^[\w@%+=:,./^~$[\]-]+$/.test(word) && !/[[\]]/.test(word)
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function served({ serve, output, image }: BuildPlan): PlanSettings {
  if (image !== undefined) return {};
  if (serve.type === "process") return commandOf("start", serve.start);
  return { output: output ?? serve.dir, ...(serve.spa && { spa: true }) };
}

function limits({ limits: { memoryMb, buildMemoryMb, buildSeconds } }: BuildPlan): Pick<PlanSettings, "limits"> {
  const set = {
    ...(memoryMb !== null && { memoryMb }),
    ...(buildMemoryMb !== null && { buildMemoryMb }),
    ...(buildSeconds !== null && { buildSeconds }),
  };
  return Object.keys(set).length === 0 ? {} : { limits: set };
}
