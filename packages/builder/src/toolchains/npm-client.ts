import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { CloudSmithError } from "@cloudsmith/contracts";

export interface NpmClient {
  readonly version: string;
  /** Folder of the npm package. */
  readonly folder: string;
  /** `npm-cli.js`, to be run by a Node. */
  readonly cli: string;
}

const outputLimit = 32 * 1024 * 1024;
let known: NpmClient | undefined;

/** The npm of this machine: beside the Node that runs CloudSmith, on PATH, or one fetched before. Throws `component-missing` where there is none. */
export function findNpm(toolchainsDir: string): NpmClient {
  known ??= candidates(toolchainsDir).flatMap((folder) => readClient(folder) ?? [])[0];
  if (known !== undefined) return known;
  throw new CloudSmithError("component-missing", "npm is not installed", {
    why: "CloudSmith fetches toolchains and packages with npm and found none beside Node and none on PATH",
    fix: "Install Node with npm (on Debian: apt install npm), then deploy again",
  });
}

function candidates(toolchainsDir: string): string[] {
  const beside = dirname(process.execPath);
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => npmFolderOf(join(folder, "npm")) ?? []);
  const cached = existsSync(toolchainsDir)
    ? readdirSync(toolchainsDir)
        .filter((name) => /^npm-\d/.test(name))
        .map((name) => join(toolchainsDir, name, "node_modules", "npm"))
    : [];
  return [
    join(beside, "..", "lib", "node_modules", "npm"),
    join(beside, "node_modules", "npm"),
    ...onPath,
    "/usr/share/nodejs/npm",
    "/usr/lib/node_modules/npm",
    "/usr/local/lib/node_modules/npm",
    ...cached,
  ];
}

/** The package's folder of an `npm` command: usually a link to its `bin/npm-cli.js`. */
function npmFolderOf(command: string): string | undefined {
  try {
    const real = realpathSync(command);
    return real.endsWith("npm-cli.js") ? join(dirname(real), "..") : join(dirname(real), "node_modules", "npm");
  } catch {
    return undefined;
  }
}

function readClient(folder: string): NpmClient | undefined {
  try {
    const cli = join(folder, "bin", "npm-cli.js");
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const version =
      typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : undefined;
    return typeof version === "string" && existsSync(cli) ? { version, folder, cli } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs npm for CloudSmith's own needs, with the person's configuration (registry, proxy, certificates) since it is their machine's registry that is asked.
 * Returns what it printed; throws CloudSmithError with `network-unreachable`, `package-not-found` or `toolchain-missing`.
 */
export async function runNpm(
  args: readonly string[],
  options: {
    readonly toolchainsDir: string;
    readonly signal: AbortSignal;
    readonly cwd?: string;
    readonly seconds: number;
  },
): Promise<string> {
  const npm = findNpm(options.toolchainsDir);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(
    process.execPath,
    [npm.cli, ...args],
    {
      cwd: options.cwd,
      signal: options.signal,
      timeout: options.seconds * 1000,
      maxBuffer: outputLimit,
      env: {
        ...process.env,
        npm_config_update_notifier: "false",
        npm_config_fund: "false",
        npm_config_audit: "false",
        NO_COLOR: "1",
      },
    },
    (error, stdout, stderr) =>
      error === null
        ? resolve(stdout)
        : reject(error.name === "AbortError" ? error : npmFailure(args, `${stderr}\n${stdout}`, error)),
  );
  return promise;
}

function npmFailure(args: readonly string[], output: string, cause: Error): CloudSmithError {
  const why = output
    .trim()
    .split("\n")
    .filter((line) => !line.includes("warn"))
    .slice(0, 6)
    .join("\n")
    .slice(0, 800);
  const what = args.slice(0, 3).join(" ");
  if (/E404|ETARGET|notarget/.test(output))
    return new CloudSmithError("toolchain-version-unknown", `npm ${what}: there is no such version`, {
      why,
      fix: "Ask for a version that exists",
      cause,
    });
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i.test(output)) {
    return new CloudSmithError("network-unreachable", "The package registry cannot be reached", {
      why,
      fix: "Check the network and npm's registry and proxy settings, then deploy again",
      cause,
    });
  }
  return new CloudSmithError("toolchain-missing", `npm ${what} failed`, {
    why,
    fix: "Look at what npm says; the rest of the log has more",
    cause,
  });
}
