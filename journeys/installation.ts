import { tempDir, type TempDir } from "@cloudsmith/testkit";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startReaper } from "./reaper.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Standard input; without it there is none. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A CloudSmith of its own, with an empty home folder, used as a person does: by its command line. */
export interface Installation extends AsyncDisposable {
  readonly folder: TempDir;
  /** The data folder. */
  readonly data: string;
  /** Runs one command to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** The one JSON document of a command; throws with all it said where it did not end with 0. */
  json(args: readonly string[], options?: RunOptions): Promise<unknown>;
  /** The lines of JSON of a command that streams, and its exit code. */
  stream(args: readonly string[], options?: RunOptions): Promise<{ code: number | null; items: unknown[] }>;
  /** Starts a command and leaves it running; on a terminal of its own if asked. */
  start(args: readonly string[], options?: { readonly terminal?: boolean }): ChildProcessWithoutNullStreams;
  /** A copy of an example that the test may change. */
  copyOf(example: string): Promise<string>;
}

export interface InstallationOptions {
  /** The argv of the command line; default: the sources. */
  readonly command?: readonly string[];
  /** More variables for every command, and so for the agent. */
  readonly env?: NodeJS.ProcessEnv;
}

const sources = [process.execPath, "--disable-warning=ExperimentalWarning", join(root, "agent/src/cli/main.ts")];

/** Makes an installation; when it is disposed, or its test is killed, no process of it is left. */
export async function createInstallation(made: InstallationOptions = {}): Promise<Installation> {
  const { command = sources } = made;
  const folder = await tempDir("cloudsmith-journey-");
  const data = folder.file("home", ".local", "share", "cloudsmith");
  const reaper = startReaper(folder.path);
  const env = { ...process.env, ...homeOf(folder), NO_COLOR: "1", ...made.env };
  const run = (args: readonly string[], more: RunOptions = {}): Promise<Finished> =>
    runCommand([...command, ...args], { cwd: folder.path, ...more, env: { ...env, ...more.env } });
  const said = (args: readonly string[], { code, stdout, stderr }: Finished): string =>
    `cloudsmith ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`;
  return {
    folder,
    data,
    run,
    async json(args, options) {
      const finished = await run([...args, "--json"], options);
      if (finished.code !== 0) throw new Error(said(args, finished));
      return JSON.parse(finished.stdout);
    },
    async stream(args, options) {
      const finished = await run([...args, "--json"], options);
      const lines = finished.stdout.split("\n").filter((line) => line !== "");
      return { code: finished.code, items: lines.map((line): unknown => JSON.parse(line)) };
    },
    start(args, { terminal = false } = {}) {
      const argv = [...command, ...args];
      const quoted = argv.map((part) => `'${part.replaceAll("'", `'\\''`)}'`).join(" ");
      // script(1) gives a program a terminal and passes on what is typed.
      const [program = "", ...rest] = terminal ? ["script", "-qefc", `exec ${quoted}`, "/dev/null"] : argv;
      const drawn = terminal ? { NO_COLOR: "", CI: "", TERM: "xterm" } : {};
      return spawn(program, rest, { cwd: folder.path, env: { ...env, ...drawn }, timeout: 120_000 });
    },
    async copyOf(example) {
      const copy = folder.file(example);
      const skipped = /[\\/](node_modules|dist|data|\.next)$/;
      await cp(join(root, "examples", example), copy, { recursive: true, filter: (source) => !skipped.test(source) });
      return copy;
    },
    async [Symbol.asyncDispose]() {
      await run(["uninstall", "--yes"]);
      await reaper.finish();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Variables that make a folder the home of everything that a program writes, and leave npm its registry and cache. */
function homeOf(folder: TempDir): NodeJS.ProcessEnv {
  const home = folder.file("home");
  const real = process.env.HOME ?? "";
  return {
    HOME: home,
    CLOUDSMITH_HOME: "",
    XDG_DATA_HOME: join(home, ".local", "share"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_RUNTIME_DIR: "",
    npm_config_userconfig: process.env.npm_config_userconfig ?? join(real, ".npmrc"),
    npm_config_cache: process.env.npm_config_cache ?? join(real, ".npm"),
  };
}

/** Runs a program to its end, at most four minutes. */
export async function runCommand(
  [command = "", ...args]: readonly string[],
  { cwd, env, input }: { cwd: string; env: NodeJS.ProcessEnv; input?: string },
): Promise<Finished> {
  const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], timeout: 240_000 });
  child.stdin.on("error", () => undefined).end(input ?? "");
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("exit", resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
