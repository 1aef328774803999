// Makes a fresh clone ready. Runs on Node 20 and newer without any dependency; does nothing when nothing is missing.
//   node scripts/setup.mjs [--for check|run|test]
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { desktopTestComponents } from "./electron-22.mjs";
import { SetupError } from "./setup-error.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const lockFolder = join(root, ".setup-lock");
const onWindows = process.platform === "win32";

/**
 * What the checkout needs, in order. Each row looks for itself whether it is there, so that nothing has to be remembered.
 * @type {{ name: string, purpose: string, for: string[], isThere: () => boolean, install: () => Promise<void> }[]}
 */
const components = [
  {
    name: "git",
    purpose: "CloudSmith reads repositories with it",
    for: ["run", "test"],
    isThere: () => onPath("git"),
    install: async () => {
      throw new SetupError(
        "git is not installed",
        "CloudSmith reads repositories with it",
        onWindows
          ? "Install Git for Windows"
          : "Install it: apt-get install git (Debian, Ubuntu), brew install git (macOS)",
      );
    },
  },
  {
    name: "npm packages",
    purpose: "from package-lock.json, each checked by its digest",
    for: ["check", "run", "test"],
    isThere: packagesMatchLockfile,
    install: installPackages,
  },
  {
    name: "Launchboard",
    purpose: "the pages that the agent serves",
    for: ["run", "test"],
    isThere: () => readIfThere(join(launchboard, stamp)) === sourcesDigest(),
    install: buildLaunchboard,
  },
  {
    name: "Chromium",
    purpose: "tests look at Launchboard in it",
    for: ["test"],
    isThere: () => chromiumNames.some(onPath) || existsSync(macChrome),
    install: installChromium,
  },
  {
    name: "toolchains of real apps",
    purpose: "Ruby, PHP, Gradle and what builds and runs images, for the slow suites",
    for: ["test:all"],
    isThere: () => Object.keys(appTools).every(onPath),
    install: installAppTools,
  },
  ...desktopTestComponents,
];

/** Programs that the slow suites build apps with, and Debian's packages that bring them. */
const appTools = {
  ruby: ["ruby", "ruby-dev"],
  bundle: ["bundler"],
  php: ["php-cli"],
  composer: ["composer"],
  gradle: ["gradle"],
  buildah: ["buildah"],
  bwrap: ["bubblewrap"],
  busybox: ["busybox-static"],
};

/** Browsers that the tests can use; see desktop/playwright.config.ts. */
const chromiumNames = ["chromium", "chromium-browser", "google-chrome"];
const macChrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** The build of Launchboard, and the file in it that names what it was made from. */
const launchboard = join(root, "desktop", "dist", "renderer");
const stamp = ".made-from";

/** Installs what is missing for a purpose and answers the Node 24 binary. Two at once wait for each other. */
export async function setUp(purpose) {
  if (firstMissing(purpose) !== undefined) {
    await withLock(async () => {
      for (const component of components.filter((each) => isFor(each, purpose))) {
        if (component.isThere()) continue;
        say(`Setting up ${component.name} (${component.purpose})`);
        const started = performance.now();
        await component.install();
        say(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      }
    });
  }
  return nodeBinary();
}

/** The slow suites need what the others need, and more. */
function isFor(component, purpose) {
  return component.for.includes(purpose) || (purpose === "test:all" && component.for.includes("test"));
}

function firstMissing(purpose) {
  return components.find((each) => isFor(each, purpose) && !each.isThere());
}

/** Node 24: the one that npm installed for this platform, else the one that runs this. */
export function nodeBinary() {
  const installed = join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new SetupError(
    `CloudSmith runs on Node 24; this is Node ${process.versions.node}`,
    `there is no Node 24 package for ${process.platform} ${process.arch} in this checkout`,
    "Install Node 24 (nodejs.org, or `nvm install 24`, `brew install node@24`) and run the command again",
  );
}

/** Whether what npm wrote down as installed (its own list, written last) is what the lock file names; 20 ms. */
function packagesMatchLockfile() {
  const installed = packagesOf(join(modules, ".package-lock.json"));
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(([path, wanted]) => {
    if (!path.startsWith("node_modules/") && !path.includes("/node_modules/")) return true;
    const found = installed[path];
    return found === undefined ? wanted.optional === true && !isNodeHere(path) : same(found, wanted);
  });
}

/** Node of this platform is optional for npm, which skips the other platforms' ones, but not for us. */
function isNodeHere(path) {
  return path === `node_modules/node-${process.platform}-${process.arch}`;
}

function same(found, wanted) {
  return found.link === wanted.link && found.version === wanted.version && found.integrity === wanted.integrity;
}

function packagesOf(file) {
  return JSON.parse(readIfThere(file) ?? "{}").packages ?? {};
}

/** npm ci: exactly the lock file, each package checked by its digest. */
async function installPackages() {
  const { code, errors } = await runNpm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) throw npmFailure(code, errors);
}

/** Digest of all that Launchboard is built from; 15 ms. */
function sourcesDigest() {
  const hash = createHash("sha256");
  for (const place of ["desktop/src", "packages/contracts/src"]) {
    const names = readdirSync(join(root, place), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    for (const name of names.sort()) hash.update(`${name.slice(root.length)}\0`).update(readFileSync(name));
  }
  for (const name of ["desktop/vite.renderer.config.ts", "package-lock.json"])
    hash.update(readFileSync(join(root, name)));
  return hash.digest("hex");
}

async function buildLaunchboard() {
  const digest = sourcesDigest();
  const vite = join(modules, "vite", "bin", "vite.js");
  const args = [vite, "build", "--config", "vite.renderer.config.ts", "--logLevel", "warn"];
  const child = spawn(nodeBinary(), args, { cwd: join(root, "desktop"), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-4000)));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0)
    throw new SetupError(
      "Launchboard could not be built",
      said.trim(),
      "Correct what is named above and run the command again",
    );
  writeFileSync(join(launchboard, stamp), digest);
}

/** By apt where that is allowed without a question; else says what to install. */
async function installChromium() {
  const code = await aptInstall(["chromium"]);
  if (code === 0) return;
  throw new SetupError(
    "Chromium is not installed",
    code === undefined ? "tests look at Launchboard in it" : `apt-get ended with exit code ${code}`,
    onWindows || process.platform === "darwin" ? "Install Google Chrome" : "Install it: sudo apt-get install chromium",
  );
}

async function installAppTools() {
  const missing = Object.keys(appTools).filter((program) => !onPath(program));
  const packages = missing.flatMap((program) => appTools[program]);
  const code = await aptInstall(packages);
  if (code === 0) return;
  throw new SetupError(
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not installed`,
    code === undefined ? "the slow suites build real apps with them" : `apt-get ended with exit code ${code}`,
    `Install what is missing (Debian and Ubuntu: sudo apt-get install ${packages.join(" ")}), or run npm test, which does without`,
  );
}

/** Installs Debian's packages; the exit code, or undefined where there is no apt. */
async function aptInstall(packages) {
  if (!onPath("apt-get")) return undefined;
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = [...sudo, "apt-get", "-qq", "--yes"];
  await quietly([...apt, "update"]);
  return quietly([...apt, "install", "--no-install-recommends", ...packages]);
}

/** The exit code of a program that is asked nothing and shown by nobody. */
function quietly([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    child.on("error", () => resolve(127));
    child.on("exit", resolve);
  });
}

/** Runs npm without a shell: on Windows npm is a batch file, so its JavaScript is started by this Node. */
async function runNpm(args) {
  const script = npmScript();
  const [command, ...first] = script === undefined ? ["npm"] : [process.execPath, script];
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: npmEnvironment(),
  });
  const started = performance.now();
  const ticker = progress(
    () => `  npm ci, ${Math.round((performance.now() - started) / 1000)} s, ${packageCount()} folders`,
  );
  let errors = "";
  child.stdout.resume();
  child.stderr.setEncoding("utf8").on("data", (text) => (errors = (errors + text).slice(-8000)));
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", (error) =>
        reject(
          new SetupError("npm could not be started", error.message, "Install npm, which comes with Node 20 or newer"),
        ),
      );
      child.on("close", (code) => resolve({ code, errors }));
    });
  } finally {
    ticker.stop();
  }
}

/** What npm complained about, in words: offline, a full disk, no rights, or npm's own last lines. */
function npmFailure(code, errors) {
  const known = [
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ECONNRESET/,
      "the package registry cannot be reached",
      "Check the network or the proxy settings of npm (`npm config get registry`, `npm config get proxy`)",
    ],
    [/ENOSPC/, "the disk is full", "Free about 500 MB"],
    [/EACCES|EPERM/, "a folder cannot be written", `Make sure that ${root} belongs to you`],
    [/EINTEGRITY/, "a downloaded package is not the one that the lock file names", "Run `npm cache clean --force`"],
    [
      /SELF_SIGNED|UNABLE_TO_VERIFY|CERT_/,
      "the registry's certificate is not trusted here",
      "Set NODE_EXTRA_CA_CERTS to your company's certificate file",
    ],
  ].find(([pattern]) => pattern.test(errors));
  const lines = errors
    .split("\n")
    .filter((line) => line.trim() !== "" && !/complete log of this run|Unknown user config/.test(line));
  return new SetupError(
    "npm could not install the packages",
    known?.[1] ?? `npm ended with exit code ${code}:\n    ${lines.slice(0, 12).join("\n    ")}`,
    `${known?.[2] ?? "Look at npm's lines above"}; then run the same command again`,
  );
}

/** The folder is the lock; its age is refreshed, so that one left by a killed process is taken over after 20 s. */
async function withLock(work) {
  let told = false;
  for (;;) {
    try {
      mkdirSync(lockFolder);
      break;
    } catch (error) {
      if (error.code !== "EEXIST")
        throw new SetupError("The checkout cannot be written", error.message, `Make sure that ${root} belongs to you`);
      if (Date.now() - (modifiedAt(lockFolder) ?? Date.now()) > 20_000)
        rmSync(lockFolder, { recursive: true, force: true });
      else {
        if (!told) say("Another set-up is running here; waiting for it");
        told = true;
        await delay(250);
      }
    }
  }
  const refresh = setInterval(() => utimesSync(lockFolder, new Date(), new Date()), 3000);
  const release = () => rmSync(lockFolder, { recursive: true, force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    process.off("exit", release);
    release();
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** A line that counts up on a terminal; nothing elsewhere, so that logs stay short. */
function progress(line) {
  if (!process.stderr.isTTY) return { stop: () => {} };
  const timer = setInterval(() => process.stderr.write(`\r\u001B[K${line()}`), 200);
  return {
    stop: () => {
      clearInterval(timer);
      process.stderr.write("\r\u001B[K");
    },
  };
}

function packageCount() {
  try {
    return readdirSync(modules).length;
  } catch {
    // npm ci begins by removing the folder.
    return 0;
  }
}

function onPath(name) {
  const names = onWindows ? [`${name}.exe`, `${name}.cmd`] : [name];
  return (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => names.some((each) => existsSync(join(folder, each))));
}

/** npm's own JavaScript: npm tells its scripts where it is; else it stands beside this Node. */
function npmScript() {
  const beside = dirname(process.execPath);
  return [
    process.env.npm_execpath,
    join(beside, "node_modules", "npm", "bin", "npm-cli.js"),
    join(beside, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
  ].find((file) => file !== undefined && /npm-cli\.c?js$/.test(file) && existsSync(file));
}

/** Without what the outer npm passes to its scripts (such as --omit or --prefix), so that the set-up is the same for everyone. */
function npmEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_(config_(omit|include|prefix|local_prefix|workspace|global|production|dry_run|ignore_scripts)|lifecycle|package|command)/i.test(
          name,
        ),
    ),
  );
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Prints what went wrong, why and what to do. */
export function tell(error) {
  if (!(error instanceof SetupError)) throw error;
  say(`\n${error.message}\n  Why: ${error.why}\n  Do:  ${error.fix}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const wanted = process.argv.indexOf("--for");
  const started = performance.now();
  try {
    await setUp(wanted === -1 ? "run" : process.argv[wanted + 1]);
    say(`Ready (${((performance.now() - started) / 1000).toFixed(2)} s)`);
  } catch (error) {
    tell(error);
    process.exitCode = 3;
  }
}
