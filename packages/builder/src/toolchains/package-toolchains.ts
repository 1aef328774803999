import type { Platform } from "@cloudsmith/contracts";

/** A toolchain that comes as an npm package: where its programs are in it. */
export interface PackageToolchain {
  readonly name: string;
  /** The package for a platform and a version; undefined where there is none. */
  readonly packageFor: (platform: Platform, version: string) => string | undefined;
  /** The package whose list of versions counts. */
  readonly listed: (platform: Platform, range: string) => string;
  /** Commands and the files in the package that are them. A script is run by the plan's Node. */
  readonly commands: (version: string) => Readonly<Record<string, { readonly file: string; readonly script: boolean }>>;
}

const nodeOs = { linux: "linux", darwin: "darwin", win32: "win" } as const;

/** The table of toolchains that npm packages bring. */
export const packageToolchains: readonly PackageToolchain[] = [
  {
    name: "node",
    packageFor: (platform) => nodePackage(platform),
    listed: (platform) => nodePackage(platform),
    commands: () => ({ node: { file: process.platform === "win32" ? "bin/node.exe" : "bin/node", script: false } }),
  },
  {
    name: "npm",
    packageFor: () => "npm",
    listed: () => "npm",
    commands: () => ({ npm: { file: "bin/npm-cli.js", script: true }, npx: { file: "bin/npx-cli.js", script: true } }),
  },
  {
    name: "pnpm",
    packageFor: () => "pnpm",
    listed: () => "pnpm",
    commands: (version) => {
      const ending = Number(version.split(".")[0]) >= 11 ? "mjs" : "cjs";
      return { pnpm: { file: `bin/pnpm.${ending}`, script: true }, pnpx: { file: `bin/pnpx.${ending}`, script: true } };
    },
  },
  {
    name: "yarn",
    packageFor: (_platform, version) =>
      version.startsWith("1.") || version.startsWith("0.") ? "yarn" : "@yarnpkg/cli-dist",
    listed: (_platform, range) => (/(^|[\s|^~>=<])[01](\.|$|\s)/.test(range) ? "yarn" : "@yarnpkg/cli-dist"),
    commands: () => ({ yarn: { file: "bin/yarn.js", script: true }, yarnpkg: { file: "bin/yarn.js", script: true } }),
  },
  {
    name: "bun",
    packageFor: (platform) => bunPackage(platform),
    listed: (platform) => bunPackage(platform),
    commands: () => ({
      bun: { file: process.platform === "win32" ? "bin/bun.exe" : "bin/bun", script: false },
      bunx: { file: process.platform === "win32" ? "bin/bun.exe" : "bin/bun", script: false },
    }),
  },
];

function nodePackage(platform: Platform): string {
  return `node-${nodeOs[platform.os]}-${platform.arch}`;
}

function bunPackage(platform: Platform): string {
  const os = platform.os === "win32" ? "windows" : platform.os;
  const arch = platform.arch === "arm64" ? "aarch64" : "x64";
  return `@oven/bun-${os}-${arch}${platform.libc === "musl" ? "-musl" : ""}`;
}
