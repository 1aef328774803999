import { execFile } from "node:child_process";
import { accessSync, constants, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
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
}

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
  },
  {
    name: "go",
    program: /^go(\.exe)?$/,
    ask: [["env", "GOVERSION", "GOROOT"]],
    read: (answer) => ({ version: lines(answer)[0]?.replace(/^go/, ""), bin: join(lines(answer)[1] ?? "", "bin") }),
    companions: ["gofmt"],
    install: "Install Go from go.dev/dl (macOS: brew install go)",
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
  },
  {
    name: "java",
    program: /^javac(\.exe)?$/,
    ask: [["-version"]],
    read: (answer) => ({ version: /javac (\S+)/.exec(answer)?.[1]?.replace(/^1\.8\./, "8.") }),
    companions: ["java", "jar", "mvn", "gradle"],
    install:
      "Install a JDK and Maven or Gradle (Debian and Ubuntu: apt install default-jdk maven; macOS: brew install openjdk maven)",
  },
  {
    name: "ruby",
    program: /^ruby(\.exe)?$/,
    ask: [["-e", "puts RUBY_VERSION"]],
    read: (answer) => ({ version: lines(answer)[0] }),
    companions: ["bundle", "gem", "rake"],
    install: "Install Ruby with Bundler (Debian and Ubuntu: apt install ruby-full; macOS: brew install ruby)",
  },
  {
    name: "php",
    program: /^php(\.exe)?$/,
    ask: [["-r", "echo PHP_VERSION;"]],
    read: (answer) => ({ version: /^\d+\.\d+\.\d+/.exec(answer)?.[0] }),
    companions: ["composer"],
    install:
      "Install PHP and Composer (Debian and Ubuntu: apt install php-cli composer; macOS: brew install php composer)",
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

/** Every version of a system toolchain on this machine, newest first. Looked for once per process. */
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
    const answers = await Promise.all(row.ask.map((args) => run(program, [...args], { timeout: 15_000 })));
    const { version, bin } = row.read(answers.map(({ stdout, stderr }) => (stdout === "" ? stderr : stdout)).join(""));
    const exact = coerce(version)?.version;
    return exact === undefined ? undefined : { version: exact, path: real, bin: bin ?? dirname(real) };
  } catch {
    return undefined;
  }
}

/** The version for a range, or the newest. Throws `toolchain-missing` where the machine has none, `toolchain-version-unknown` where none fits. */
export async function chooseSystemProgram(row: SystemToolchain, range: string): Promise<FoundProgram> {
  const all = await findSystemPrograms(row);
  const newest = all[0];
  if (newest === undefined) {
    throw new CloudSmithError("toolchain-missing", `This app needs ${row.name}, which is not on this machine`, {
      fix: row.install,
    });
  }
  const wanted = validRange(range) === null ? "*" : range;
  const found = all.find((each) => satisfies(each.version, wanted));
  if (found !== undefined) return found;
  throw new CloudSmithError("toolchain-version-unknown", `This app needs ${row.name} ${range}`, {
    why: `This machine has ${all.map((each) => each.version).join(", ")}`,
    fix: `${row.install}, in a version that fits ${range}; or change what the app asks for`,
  });
}

/** A folder of links to a toolchain's programs, so that PATH gets these and nothing that happens to stand beside them. */
export function linkPrograms(row: SystemToolchain, found: FoundProgram, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const names = row.name === "python" ? ["python", "python3"] : [row.program.source.replace(/^\^|\(.*$/g, "")];
  for (const name of names) symlinkSync(found.path, join(folder, name));
  for (const companion of row.companions) {
    const path = [found.bin, ...searchFolders()].map((each) => join(each, companion)).find(isProgram);
    if (path !== undefined) symlinkSync(path, join(folder, companion));
  }
  if (row.name === "rust") {
    // Called directly and not through rustup, whose home is the person's.
    rmSync(join(folder, "rustc"), { force: true });
    symlinkSync(join(found.bin, "rustc"), join(folder, "rustc"));
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
