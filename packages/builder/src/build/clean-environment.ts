import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { BuildPlan } from "@cloudsmith/contracts";
import { findNpm } from "../toolchains/npm-client.ts";
import type { Toolchain } from "../toolchains/provide.ts";
import type { WorkFolder } from "./work-folder.ts";

/** Of CloudSmith's own environment a build sees these and nothing else: how to reach the network, whom to trust, the language. */
const passedOn =
  /^(https?_proxy|no_proxy|all_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|PIP_CERT|PIP_INDEX_URL|PIP_EXTRA_INDEX_URL|PIP_FIND_LINKS|PIP_TRUSTED_HOST|UV_INDEX_URL|UV_DEFAULT_INDEX|GOPROXY|GOSUMDB|GONOSUMDB|GOFLAGS|CARGO_HTTP_CAINFO|LANG|LC_\w+|TZ|SYSTEMROOT|COMSPEC|PATHEXT)$/i;

const systemBins =
  process.platform === "win32"
    ? (process.env["PATH"] ?? "").split(delimiter)
    : ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

export interface EnvironmentParts {
  readonly folder: WorkFolder;
  readonly cacheDir: string;
  readonly plan: BuildPlan;
  /** The person's build variables and secrets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly toolchains: readonly Toolchain[];
  /** Folders for the front of PATH. */
  readonly bins: readonly string[];
  readonly memoryMb: number;
}

/** The whole environment of a build's commands. Homes and temporary folders are the build's own; download caches are shared below `cacheDir`. */
export async function cleanEnvironment(parts: EnvironmentParts): Promise<Record<string, string>> {
  const { folder, cacheDir, plan } = parts;
  const passed = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && passedOn.test(name) ? [[name, value] as const] : [],
    ),
  );
  await writeRegistryConfig(folder, cacheDir);
  const own: Record<string, string> = {
    PATH: [...parts.bins, ...systemBins].join(delimiter),
    HOME: folder.home,
    USERPROFILE: folder.home,
    TMPDIR: folder.temp,
    TEMP: folder.temp,
    TMP: folder.temp,
    XDG_CONFIG_HOME: join(folder.home, ".config"),
    XDG_CACHE_HOME: join(folder.home, ".cache"),
    XDG_DATA_HOME: join(folder.home, ".local", "share"),
    XDG_STATE_HOME: join(folder.home, ".local", "state"),
    SHELL: "/bin/sh",
    CI: "true",
    NO_UPDATE_NOTIFIER: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    ASTRO_TELEMETRY_DISABLED: "1",
    GATSBY_TELEMETRY_DISABLED: "1",
    NUXT_TELEMETRY_DISABLED: "1",
    NG_CLI_ANALYTICS: "false",
    TURBO_TELEMETRY_DISABLED: "1",
    NX_DAEMON: "false",
    HUSKY: "0",
    // Browsers and shells that tests drive are not fetched for a build.
    CYPRESS_INSTALL_BINARY: "0",
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
    ELECTRON_SKIP_BINARY_DOWNLOAD: "1",
    ...cacheFolders(cacheDir, plan.packageManager?.name),
  };
  const all: Record<string, string> = {
    ...passed,
    LANG: passed["LANG"] ?? "C.UTF-8",
    ...own,
    ...nativeHeaders(parts.toolchains),
    ...javaHome(parts.toolchains),
    ...plan.env.build,
    ...parts.variables,
  };
  const heap = `--max-old-space-size=${Math.max(256, Math.floor(parts.memoryMb * 0.75))}`;
  // Go's modules are written without the right to remove them, which would keep the cache from being trimmed.
  all["GOFLAGS"] = `${all["GOFLAGS"] ?? ""} -modcacherw`.trim();
  const options = all["NODE_OPTIONS"] ?? "";
  return plan.toolchains["node"] === undefined
    ? all
    : { ...all, NODE_OPTIONS: options.includes("max-old-space-size") ? options : `${options} ${heap}`.trim() };
}

/** Tells node-gyp of the headers that came with Node, in the name that the npm at hand does not warn of. */
function nativeHeaders(toolchains: readonly Toolchain[]): Record<string, string> {
  const node = toolchains.find((toolchain) => toolchain.name === "node");
  const folder = node === undefined ? undefined : dirname(node.bin);
  if (folder === undefined || !existsSync(join(folder, "include", "node", "node.h"))) return {};
  const npm = toolchains.find((toolchain) => toolchain.name === "npm");
  const isNew = npm !== undefined && Number(npm.version.split(".")[0]) >= 11;
  return isNew ? { npm_package_config_node_gyp_nodedir: folder } : { npm_config_nodedir: folder };
}

/** Maven and Gradle ask for the JDK by this name before they look at PATH. */
function javaHome(toolchains: readonly Toolchain[]): Record<string, string> {
  const java = toolchains.find((toolchain) => toolchain.name === "java");
  return java === undefined ? {} : { JAVA_HOME: dirname(dirname(realpathSync(join(java.bin, "javac")))) };
}

/** Where each package manager and toolchain keeps its downloads. */
function cacheFolders(cacheDir: string, manager: string | undefined): Record<string, string> {
  const at = (...names: string[]): string => join(cacheDir, "downloads", ...names);
  return {
    npm_config_cache: at("npm"),
    npm_config_update_notifier: "false",
    npm_config_fund: "false",
    npm_config_audit: "false",
    npm_config_prefer_offline: "true",
    // npm warns of options that are not its own.
    ...(manager === "pnpm" && { npm_config_store_dir: at("pnpm"), pnpm_config_store_dir: at("pnpm") }),
    YARN_CACHE_FOLDER: at("yarn"),
    YARN_GLOBAL_FOLDER: at("yarn-berry"),
    YARN_ENABLE_TELEMETRY: "0",
    BUN_INSTALL_CACHE_DIR: at("bun"),
    PIP_CACHE_DIR: at("pip"),
    UV_CACHE_DIR: at("uv"),
    GOMODCACHE: at("go-mod"),
    GOCACHE: at("go-build"),
    CARGO_HOME: at("cargo"),
    GRADLE_USER_HOME: at("gradle"),
    COMPOSER_CACHE_DIR: at("composer"),
    BUNDLE_USER_CACHE: at("bundler"),
    BUNDLE_GLOBAL_GEM_CACHE: "true",
    GEM_SPEC_CACHE: at("gem-specs"),
  };
}

interface RegistryConfig {
  readonly registry: string | undefined;
  readonly cafile: string | undefined;
}

const runFile = promisify(execFile);
let registryConfig: Promise<RegistryConfig> | undefined;

/** The person's registry and certificates, never their tokens, as the user's configuration of the build's home: the repository's own .npmrc still wins. */
async function writeRegistryConfig(folder: WorkFolder, cacheDir: string): Promise<void> {
  registryConfig ??= readRegistryConfig(cacheDir);
  const { registry, cafile } = await registryConfig;
  const npmrc = [
    ...(registry === undefined ? [] : [`registry=${registry}`]),
    ...(cafile === undefined ? [] : [`cafile=${cafile}`]),
  ];
  const yarnrc = [
    ...(registry === undefined ? [] : [`npmRegistryServer: ${JSON.stringify(registry.replace(/\/$/, ""))}`]),
    ...(cafile === undefined ? [] : [`httpsCaFilePath: ${JSON.stringify(cafile)}`]),
  ];
  mkdirSync(folder.home, { recursive: true });
  writeFileSync(join(folder.home, ".npmrc"), `${npmrc.join("\n")}\n`);
  writeFileSync(join(folder.home, ".yarnrc.yml"), `${yarnrc.join("\n")}\n`);
}

async function readRegistryConfig(cacheDir: string): Promise<RegistryConfig> {
  try {
    const npm = findNpm(join(cacheDir, "toolchains"));
    const { stdout: text } = await runFile(process.execPath, [npm.cli, "config", "get", "registry", "cafile"], {
      encoding: "utf8",
      timeout: 15_000,
      ...(process.platform !== "win32" && { cwd: "/" }),
    });
    const value = (name: string): string | undefined =>
      new RegExp(`^${name}\\s*=\\s*(.+)$`, "m").exec(text)?.[1]?.trim();
    const registry = value("registry");
    const cafile = value("cafile");
    return {
      // A registry with credentials in its address is not passed on.
      registry: registry === undefined || registry.includes("@") || !/^https?:/.test(registry) ? undefined : registry,
      cafile: cafile === undefined || cafile === "null" || cafile === "" ? undefined : cafile,
    };
  } catch {
    // Without npm's configuration the defaults are right.
    return { registry: undefined, cafile: undefined };
  }
}
