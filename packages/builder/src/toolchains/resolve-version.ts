import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { maxSatisfying, satisfies, validRange } from "semver";
import * as z from "zod";
import { CloudSmithError, type Platform } from "@cloudsmith/contracts";
import { findNpm, runNpm } from "./npm-client.ts";
import type { PackageToolchain } from "./package-toolchains.ts";

const dayMilliseconds = 24 * 3600 * 1000;

export interface ResolveContext {
  readonly toolchainsDir: string;
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

/**
 * The exact version for a range: the newest in the cache that fits where the list of versions is younger than a day or cannot be had, else the newest there is.
 * Throws `toolchain-version-unknown` where no version fits.
 */
export async function resolveVersion(
  toolchain: PackageToolchain,
  range: string,
  context: ResolveContext,
): Promise<string> {
  if (/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range)) return range;
  if (validRange(range) === null) throw unknown(toolchain.name, range, "This is not a version");
  const atHand = versionAtHand(toolchain.name, range, context.toolchainsDir);
  if (atHand !== undefined) return atHand;
  const cached = cachedVersions(toolchain.name, context.toolchainsDir);
  let versions: readonly string[];
  try {
    versions = await listVersions(toolchain.listed(context.platform, range), context);
  } catch (error) {
    const fallback = maxSatisfying(cached, range);
    if (fallback !== null) return fallback;
    throw error;
  }
  const found = maxSatisfying(versions, preferEven(toolchain.name, range, versions));
  if (found === null)
    throw unknown(toolchain.name, range, `The newest version is ${maxSatisfying(versions, "*") ?? "unknown"}`);
  return found;
}

/** Node's own version and the machine's npm need no download. */
function versionAtHand(name: string, range: string, toolchainsDir: string): string | undefined {
  const own = name === "node" ? process.versions.node : name === "npm" ? findNpm(toolchainsDir).version : undefined;
  return own !== undefined && satisfies(own, range) ? own : undefined;
}

/** An open range such as `>=18` means "a supported one", not the newest odd release: the newest even line in it. */
function preferEven(name: string, range: string, versions: readonly string[]): string {
  if (name !== "node") return range;
  const even = versions.filter((version) => Number(version.split(".")[0]) % 2 === 0 && satisfies(version, range));
  return maxSatisfying(even, "*") ?? range;
}

/** Exact versions of a toolchain that are in the cache. */
export function cachedVersions(name: string, toolchainsDir: string): string[] {
  try {
    return readdirSync(toolchainsDir).flatMap((entry) =>
      entry.startsWith(`${name}-`) && /^\d+\.\d+\.\d+$/.test(entry.slice(name.length + 1))
        ? [entry.slice(name.length + 1)]
        : [],
    );
  } catch {
    return [];
  }
}

const Versions = z.union([z.array(z.string()), z.string().transform((only) => [only])]);

async function listVersions(packageName: string, context: ResolveContext): Promise<readonly string[]> {
  const folder = join(context.toolchainsDir, "versions");
  const file = join(folder, `${packageName.replaceAll(/[@/]/g, "_")}.json`);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat !== undefined && Date.now() - stat.mtimeMs < dayMilliseconds)
    return Versions.parse(JSON.parse(readFileSync(file, "utf8")));
  try {
    const versions = Versions.parse(
      JSON.parse(await runNpm(["view", packageName, "versions", "--json"], { ...context, seconds: 60 })),
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(versions));
    renameSync(`${file}.${process.pid}`, file);
    return versions;
  } catch (error) {
    // An old list beats none: versions are only ever added.
    if (stat !== undefined) return Versions.parse(JSON.parse(readFileSync(file, "utf8")));
    throw error;
  }
}

function unknown(name: string, range: string, why: string): CloudSmithError {
  return new CloudSmithError("toolchain-version-unknown", `There is no ${name} ${range}`, {
    why,
    fix: `Ask for another version of ${name} (engines in package.json, or toolchains in cloudsmith.json)`,
  });
}
