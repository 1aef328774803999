import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import { CloudSmithError, type Platform } from "@cloudsmith/contracts";
import { lockFile } from "./file-lock.ts";
import { findNpm, runNpm } from "./npm-client.ts";
import { packageToolchains, type PackageToolchain } from "./package-toolchains.ts";
import { resolveVersion } from "./resolve-version.ts";
import { chooseSystemProgram, linkPrograms, systemToolchains, type SystemToolchain } from "./system-toolchains.ts";

export interface ProvideContext {
  readonly cacheDir: string;
  readonly platform: Platform;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}

export interface Toolchain {
  readonly name: string;
  readonly version: string;
  /** Folder with its commands, for PATH. */
  readonly bin: string;
}

/**
 * Makes toolchains of npm packages ready in `cacheDir/toolchains`, each in a folder of its own that appears at once and whole; several processes may ask at the same time.
 * Throws `toolchain-missing`, `toolchain-version-unknown` or `network-unreachable`.
 */
export async function provideToolchains(
  wanted: Readonly<Record<string, string>>,
  context: ProvideContext,
): Promise<Toolchain[]> {
  const ready: Toolchain[] = [];
  for (const [name, range] of Object.entries(wanted)) {
    const row = packageToolchains.find((each) => each.name === name);
    if (row !== undefined) ready.push(await provide(row, range, context));
    const system = systemToolchains.find((each) => each.name === name);
    if (system !== undefined) ready.push(await provideSystem(system, range, context));
  }
  return ready;
}

/** A toolchain of this machine: links to its programs in a folder of ours. */
async function provideSystem(row: SystemToolchain, range: string, context: ProvideContext): Promise<Toolchain> {
  const found = await chooseSystemProgram(row, range);
  const folder = join(context.cacheDir, "toolchains", `${row.name}-${found.version}`);
  mkdirSync(dirname(folder), { recursive: true });
  using _lock = await lockFile(`${folder}.lock`, context.signal);
  linkPrograms(row, found, join(folder, "bin"));
  return { name: row.name, version: found.version, bin: join(folder, "bin") };
}

async function provide(row: PackageToolchain, range: string, context: ProvideContext): Promise<Toolchain> {
  const toolchainsDir = join(context.cacheDir, "toolchains");
  mkdirSync(toolchainsDir, { recursive: true });
  const version = await resolveVersion(row, range, {
    toolchainsDir,
    platform: context.platform,
    signal: context.signal,
  });
  const folder = join(toolchainsDir, `${row.name}-${version}`);
  const toolchain = { name: row.name, version, bin: join(folder, "bin") };
  if (isReady(row, version, folder)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return toolchain;
  }
  using _lock = await lockFile(`${folder}.lock`, context.signal);
  if (isReady(row, version, folder)) return toolchain;
  const fresh = `${folder}.new-${randomUUID()}`;
  try {
    mkdirSync(join(fresh, "bin"), { recursive: true });
    if (!adoptOwn(row, version, fresh, toolchainsDir)) await install(row, version, fresh, toolchainsDir, context);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return toolchain;
}

function isReady(row: PackageToolchain, version: string, folder: string): boolean {
  // existsSync follows links: one to an npm that was removed does not count.
  return (
    Object.keys(row.commands(version)).every(
      (command) =>
        existsSync(join(folder, "bin", command + (process.platform === "win32" ? ".cmd" : ""))) ||
        existsSync(join(folder, "bin", `${command}.exe`)),
    ) && linkedNpmExists(row, folder)
  );
}

function linkedNpmExists(row: PackageToolchain, folder: string): boolean {
  return row.name !== "npm" || existsSync(join(folder, "node_modules", "npm", "package.json"));
}

/** The Node that runs CloudSmith and the machine's npm are taken over without a download. */
function adoptOwn(row: PackageToolchain, version: string, fresh: string, toolchainsDir: string): boolean {
  if (row.name === "node" && version === process.versions.node) {
    placeFile(process.execPath, join(fresh, "bin", process.platform === "win32" ? "node.exe" : "node"));
    linkHeaders(join(dirname(process.execPath), "..", "include"), fresh);
    return true;
  }
  if (row.name !== "npm") return false;
  const npm = findNpm(toolchainsDir);
  if (npm.version !== version) return false;
  mkdirSync(join(fresh, "node_modules"));
  symlinkSync(npm.folder, join(fresh, "node_modules", "npm"), "junction");
  writeCommands(row, version, fresh, join("node_modules", "npm"));
  return true;
}

/** C headers, where they come along: with them native packages are compiled without a download. */
function linkHeaders(include: string, folder: string): void {
  if (existsSync(join(include, "node", "node.h"))) symlinkSync(include, join(folder, "include"), "junction");
}

/** A hard link costs nothing and stays when CloudSmith is updated; on another disk it is a copy. */
function placeFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

async function install(
  row: PackageToolchain,
  version: string,
  fresh: string,
  toolchainsDir: string,
  context: ProvideContext,
): Promise<void> {
  const packageName = row.packageFor(context.platform, version);
  if (packageName === undefined) {
    throw new CloudSmithError(
      "toolchain-missing",
      `${row.name} ${version} is not made for ${context.platform.os}/${context.platform.arch}`,
      { fix: "Ask for another version" },
    );
  }
  context.log(`Fetching ${row.name} ${version}`);
  writeFileSync(join(fresh, "package.json"), JSON.stringify({ name: "toolchain", private: true }));
  const args = [
    "install",
    "--prefix",
    fresh,
    "--no-save",
    "--no-package-lock",
    "--ignore-scripts",
    "--no-bin-links",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--engine-strict=false",
  ];
  await runNpm([...args, `${packageName}@${version}`], {
    toolchainsDir,
    signal: context.signal,
    cwd: fresh,
    seconds: 600,
  });
  writeCommands(row, version, fresh, join("node_modules", packageName));
  if (row.name === "node" && existsSync(join(fresh, "node_modules", packageName, "include", "node", "node.h"))) {
    symlinkSync(join("node_modules", packageName, "include"), join(fresh, "include"), "junction");
  }
}

/** The commands of a toolchain in its `bin`: a link to a program, a two-line script for what Node runs. */
function writeCommands(row: PackageToolchain, version: string, folder: string, packageFolder: string): void {
  for (const [command, { file, script }] of Object.entries(row.commands(version))) {
    const target = join("..", packageFolder, file);
    const path = join(folder, "bin", command);
    if (!existsSync(join(dirname(path), target))) {
      throw new CloudSmithError("toolchain-missing", `${row.name} ${version} has no ${file}`, {
        fix: `Ask for another version of ${row.name}`,
      });
    }
    if (process.platform === "win32") {
      writeFileSync(
        `${path}.cmd`,
        `@echo off\r\n${script ? "node " : ""}"%~dp0${target.replaceAll("/", "\\")}" %*\r\n`,
      );
    } else if (script) {
      writeFileSync(path, `#!/bin/sh\nexec node "\${0%/*}/${target}" "$@"\n`, { mode: 0o755 });
    } else {
      symlinkSync(target, path);
    }
  }
}
