import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  existsSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { devNull, homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { coerce, rcompare, satisfies, validRange } from "semver";
import { CloudSmithError } from "@cloudsmith/contracts";

/** A toolchain that this machine has to have: how its programs are found, and what to install where they are not. */
export interface SystemToolchain {
  readonly name: string;
  /** Names of the program that tells the version. */
  readonly program: RegExp;
  /** Calls with which the program tells its version and the folder of its real programs; their answers are joined. */
  readonly ask: readonly (readonly string[])[];
  /** Reads the answer: version, and the folder of the programs (the program's own where it says none). */
  readonly read: (answer: string) => { readonly version: string | undefined; readonly bin?: string };
  /** Programs that come along where they stand beside it or on PATH. */
  readonly companions: readonly string[];
  /** Ways to get it, for a person. */
  readonly install: string;
  /**
   * Which of several that fit: the newest, or the one nearest to what was asked for, where a newer one breaks what builds with an older one (tools that look into the compiler). `usual` is
   * preferred where nothing was asked.
   */
  readonly prefer: "newest" | { readonly nearest: { readonly usual: string } };
  /** The range of versions that run what one version built; undefined where what is built needs none. */
  readonly runs: ((version: string) => string) | undefined;
}

/** The same minor line: packages with native parts are built for it. */
const sameLine = (version: string): string => `~${version.split(".").slice(0, 2).join(".")}.0`;

const lines = (answer: string): string[] => answer.trim().split(/\r?\n/);

/** The table of toolchains that are not fetched. */
export const systemToolchains: readonly SystemToolchain[] = [
  {
    name: "python",
    program: /^python3?(\.\d+)?(\.exe)?$/,
    ask: [["-c", "import sys; print('.'.join(map(str, sys.version_info[:3])))"]],
    read: (answer) => ({ version: lines(answer)[0] }),
    companions: [],
    install:
      "Install Python 3 with pip and venv (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python)",
    prefer: "newest",
    runs: sameLine,
  },
  {
    name: "go",
    program: /^go(\.exe)?$/,
    ask: [["env", "GOVERSION", "GOROOT"]],
    read: (answer) => ({ version: lines(answer)[0]?.replace(/^go/, ""), bin: join(lines(answer)[1] ?? "", "bin") }),
    companions: ["gofmt"],
    install: "Install Go from go.dev/dl (macOS: brew install go)",
    prefer: "newest",
    runs: undefined,
  },
  {
    name: "rust",
    program: /^rustc(\.exe)?$/,
    ask: [["--version"], ["--print", "sysroot"]],
    read: (answer) => ({
      version: /rustc (\S+)/.exec(answer)?.[1],
      bin: join(lines(answer).find((line) => !line.startsWith("rustc ")) ?? "", "bin"),
    }),
    companions: ["cargo"],
    install: "Install Rust from rustup.rs",
    prefer: "newest",
    runs: undefined,
  },
  {
    name: "java",
    program: /^javac(\.exe)?$/,
    ask: [["-version"]],
    read: (answer) => ({ version: /javac (\S+)/.exec(answer)?.[1]?.replace(/^1\.8\./, "8.") }),
    companions: ["java", "jar", "mvn", "gradle"],
    install:
      "Install a JDK and Maven or Gradle (Debian and Ubuntu: apt install default-jdk maven; macOS: brew install openjdk maven)",
    prefer: { nearest: { usual: ">=17" } },
    runs: (version) => `>=${version.split(".")[0]}.0.0`,
  },
  {
    name: "ruby",
    program: /^ruby(\.exe)?$/,
    ask: [["-e", "puts RUBY_VERSION"]],
    read: (answer) => ({ version: lines(answer)[0] }),
    companions: ["bundle", "gem", "rake"],
    install: "Install Ruby with Bundler (Debian and Ubuntu: apt install ruby-full; macOS: brew install ruby)",
    prefer: "newest",
    runs: sameLine,
  },
  {
    name: "php",
    program: /^php(\.exe)?$/,
    ask: [["-r", "echo PHP_VERSION;"]],
    read: (answer) => ({ version: /^\d+\.\d+\.\d+/.exec(answer)?.[0] }),
    companions: ["composer"],
    install:
      "Install PHP and Composer (Debian and Ubuntu: apt install php-cli composer; macOS: brew install php composer)",
    prefer: "newest",
    runs: (version) => `^${version.split(".").slice(0, 2).join(".")}.0`,
  },
];

export interface FoundProgram {
  readonly version: string;
  /** The real program. */
  readonly path: string;
  /** Folder of its companions. */
  readonly bin: string;
}

const run = promisify(execFile);
const known = new Map<string, Promise<FoundProgram[]>>();

/** Every version of a system toolchain on this machine, newest first. Looked for once, and again where none fits. */
export function findSystemPrograms(row: SystemToolchain): Promise<FoundProgram[]> {
  const before = known.get(row.name);
  if (before !== undefined) return before;
  const found = search(row);
  known.set(row.name, found);
  return found;
}

async function search(row: SystemToolchain): Promise<FoundProgram[]> {
  const programs = new Map<string, string>();
  for (const folder of searchFolders()) {
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      if (row.program.test(name) && isProgram(path)) programs.set(realpathSync(path), path);
    }
  }
  const found = await Promise.all([...programs].map(([real, path]) => ask(row, real, path)));
  const versions = new Map<string, FoundProgram>();
  for (const each of found) if (each !== undefined && !versions.has(each.version)) versions.set(each.version, each);
  return [...versions.values()].sort((a, b) => rcompare(a.version, b.version));
}

/** PATH, and where installers put things that a desktop's PATH does not know. Version managers' shims are left out: what they lead to is looked at itself. */
function searchFolders(): string[] {
  const home = homedir();
  const below = (folder: string, ...rest: string[]): string[] =>
    namesIn(folder).map((name) => join(folder, name, ...rest));
  return [
    ...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "" && !folder.includes("shims")),
    "/usr/local/bin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "/usr/local/go/bin",
    join(home, "go", "bin"),
    join(home, ".cargo", "bin"),
    ...below(join(home, ".pyenv", "versions"), "bin"),
    ...below(join(home, ".rbenv", "versions"), "bin"),
    ...below("/usr/lib/jvm", "bin"),
    ...below(join(home, ".sdkman", "candidates", "java"), "bin"),
    ...(process.env["JAVA_HOME"] === undefined ? [] : [join(process.env["JAVA_HOME"], "bin")]),
  ];
}

async function ask(row: SystemToolchain, real: string, path: string): Promise<FoundProgram | undefined> {
  try {
    // rustc and cargo of rustup look at the name they were called by.
    const program = row.name === "rust" ? path : real;
    const env = { ...(row.name === "rust" ? rustupEnvironment(path) : process.env), ...leavesNothing };
    const answers = await Promise.all(row.ask.map((args) => run(program, [...args], { timeout: 15_000, env })));
    const { version, bin } = row.read(answers.map(({ stdout, stderr }) => (stdout === "" ? stderr : stdout)).join(""));
    const exact = coerce(version)?.version;
    return exact === undefined ? undefined : { version: exact, path: real, bin: bin ?? dirname(real) };
  } catch {
    return undefined;
  }
}

/** Go counts each call in the person's home, unless it is told of a folder for that (cmd/internal/telemetry/counter), which here cannot be made. */
const leavesNothing = { TEST_TELEMETRY_DIR: join(devNull, "none") };

/** rustup looks for its toolchains below HOME, which is not the person's where a service or a test runs; they stand beside `.cargo`. */
function rustupEnvironment(path: string): NodeJS.ProcessEnv {
  const beside = join(dirname(path), "..", "..", ".rustup");
  const isTold = process.env["RUSTUP_HOME"] !== undefined || existsSync(join(homedir(), ".rustup"));
  return isTold || !existsSync(beside) ? process.env : { ...process.env, RUSTUP_HOME: beside };
}

/** The version for a range. Throws `toolchain-missing` where the machine has none, `toolchain-version-unknown` where none fits. */
export async function chooseSystemProgram(row: SystemToolchain, range: string): Promise<FoundProgram> {
  const before = fitting(row, await findSystemPrograms(row), range);
  if (before !== undefined && isProgram(before.path)) return before;
  // Installed, upgraded or removed since this process looked.
  known.delete(row.name);
  const all = await findSystemPrograms(row);
  const found = fitting(row, all, range);
  if (found !== undefined) return found;
  if (all.length === 0) {
    throw new CloudSmithError("toolchain-missing", `This app needs ${row.name}, which is not on this machine`, {
      fix: row.install,
    });
  }
  throw new CloudSmithError("toolchain-version-unknown", `This app needs ${row.name} ${range}`, {
    why: `This machine has ${all.map((each) => each.version).join(", ")}`,
    fix: `${row.install}, in a version that fits ${range}; or change what the app asks for`,
  });
}

/** The one to take; `all` is sorted, newest first. */
export function fitting(
  row: Pick<SystemToolchain, "prefer">,
  all: readonly FoundProgram[],
  range: string,
): FoundProgram | undefined {
  const wanted = validRange(range) ?? "*";
  const fit = all.filter((each) => satisfies(each.version, wanted));
  if (row.prefer === "newest") return fit[0];
  const { usual } = row.prefer.nearest;
  return wanted === "*" ? (fit.findLast((each) => satisfies(each.version, usual)) ?? fit[0]) : fit.at(-1);
}

/** A folder of links to a toolchain's programs, so that PATH gets these and nothing that happens to stand beside them. One that is right is left alone: builds and apps use it. */
export function linkPrograms(row: SystemToolchain, found: FoundProgram, folder: string): void {
  const wanted = programLinks(row, found);
  if ([...wanted].every(([name, target]) => linkTarget(join(folder, name)) === target)) return;
  const fresh = `${folder}.new-${randomUUID()}`;
  mkdirSync(fresh, { recursive: true });
  for (const [name, target] of wanted) symlinkSync(target, join(fresh, name));
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

function programLinks(row: SystemToolchain, found: FoundProgram): ReadonlyMap<string, string> {
  const names = row.name === "python" ? ["python", "python3"] : [row.program.source.replace(/^\^|\(.*$/g, "")];
  // rustc is called directly and not through rustup, whose home is the person's.
  const links = new Map(names.map((name) => [name, row.name === "rust" ? join(found.bin, name) : found.path]));
  for (const companion of row.companions) {
    const path = [found.bin, ...searchFolders()].map((each) => join(each, companion)).find(isProgram);
    if (path !== undefined) links.set(companion, path);
  }
  return links;
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
