import { CloudSmithError, type ArtifactManifest, type BuildPlan, type Platform } from "@cloudsmith/contracts";
import { commandText } from "../plan/draft.ts";
import { provideToolchains, type Toolchain } from "../toolchains/provide.ts";
import { systemToolchains } from "../toolchains/system-toolchains.ts";

/**
 * What an artifact needs to run, by name and range, which is less than what built it: a compiled program needs nothing, an interpreter has to be one that takes the packages
 * as they were installed. Toolchains that are fetched stay the exact ones.
 */
export function runtimeNeeds({
  plan,
  toolchains,
}: Pick<ArtifactManifest, "plan" | "toolchains">): Record<string, string> {
  const needs: Record<string, string> = {};
  for (const [name, version] of Object.entries(toolchains)) {
    const row = systemToolchains.find((each) => each.name === name);
    if (row === undefined) needs[name] = version;
    else if (row.runs !== undefined && (name === plan.kind || isCalled(plan, name))) needs[name] = row.runs(version);
    else if (isCalled(plan, name)) needs[name] = `>=${version}`;
  }
  return needs;
}

/** Programs of a toolchain that a start may name, such as `go run .` of a person's own settings. */
const calls: Readonly<Record<string, RegExp>> = {
  python: /\bpython3?\b/,
  go: /(^|[\s;&|])go\s/,
  rust: /(^|[\s;&|])cargo\s/,
  java: /(^|[\s;&|])(java|mvn|gradle)\s|gradlew|mvnw/,
  ruby: /\b(ruby|bundle|rake|rails)\b/,
  php: /(^|[\s;&|])php\b/,
};

function isCalled(plan: BuildPlan, name: string): boolean {
  const commands = [plan.serve.type === "process" ? plan.serve.start : null, plan.commands.release];
  return commands.some((command) => command !== null && calls[name]?.test(commandText(command)) === true);
}

/** Makes ready what an artifact needs to run. Throws `toolchain-missing` or `toolchain-version-unknown` with how the app is rebuilt where it is gone from this machine. */
export async function runtimeToolchains(
  manifest: ArtifactManifest,
  options: { readonly cacheDir: string; readonly platform: Platform; readonly signal: AbortSignal },
): Promise<Toolchain[]> {
  try {
    return await provideToolchains(runtimeNeeds(manifest), { ...options, log: () => undefined });
  } catch (error) {
    if (!(error instanceof CloudSmithError) || !gone.has(error.code)) throw error;
    const built = Object.entries(manifest.toolchains).map(([name, version]) => `${name} ${version}`);
    throw new CloudSmithError(error.code, `${error.message}: what it was built with is gone`, {
      why: [`It was built with ${built.join(", ")}`, ...(error.why === undefined ? [] : [error.why])].join(". "),
      fix: `Deploy its source again, so that it is built with what this machine has now. Or: ${error.fix ?? "install it again"}`,
      cause: error,
    });
  }
}

const gone: ReadonlySet<string> = new Set(["toolchain-missing", "toolchain-version-unknown"]);
