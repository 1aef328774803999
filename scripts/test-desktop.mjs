// `npm run test:desktop [-- file…]`: the desktop app in a real Electron, in a desktop session of its own (display, bus, window manager,
// notifications, key store).  E2E_ELECTRON=/path/to/electron or /path/to/the/installed/app takes the same tests; `--packaged` packages the
// app first and takes what came of it.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve as absolute } from "node:path";
import { electron22 } from "./electron-22.mjs";
import { SetupError } from "./setup-error.mjs";
import { nodeBinary, root, setUp, tell } from "./setup.mjs";

const desktop = join(root, "desktop");
const modules = join(root, "node_modules");
const playwright = [join(modules, "@playwright", "test", "cli.js"), "test", "--config=playwright.native.config.ts"];

/** Builds the app for the Electron of the tests, beside the build that ships. */
async function buildForTests(node) {
  const vite = join(modules, "electron-vite", "bin", "electron-vite.js");
  if (process.env.E2E_ELECTRON !== undefined) return spawned(node, [vite, "build", "--logLevel", "warn"]);
  const out = join(desktop, "dist", "electron-22");
  const code = await spawned(node, [vite, "build", "--outDir", out, "--logLevel", "warn"], {
    ELECTRON_MAJOR_VER: "22",
  });
  mkdirSync(out, { recursive: true });
  const manifest = { name: "cloudsmith", productName: "CloudSmith", version: "0.1.0", main: "main/main.cjs" };
  writeFileSync(join(out, "package.json"), JSON.stringify(manifest));
  return code;
}

/** Runs Playwright in the session; its exit code. */
async function runDesktopTests(node, args, env = {}) {
  const code = await buildForTests(node);
  if (code !== 0) return code;
  return inSession([node, ...playwright, ...args], env);
}

/** The same tests, and those of installing and updating, with the app as it is packaged. */
async function runPackagedTests(node, args) {
  const code = await buildForTests(node);
  if (code !== 0) return code;
  const { packageForTests } = await import("./packaged-desktop.mjs");
  const { shipped, driven } = await packageForTests(node);
  const env = { E2E_ELECTRON: driven, CLOUDSMITH_SHIPPED_APP: shipped };
  return inSession([node, ...playwright, ...args], env);
}

async function runOther(node, [file, ...args]) {
  const code = await buildForTests(node);
  return code === 0 ? inSession([node, "--disable-warning=ExperimentalWarning", absolute(file), ...args]) : code;
}

/** Runs a program in a desktop session that ends with it; its exit code. */
async function inSession(command, env = {}) {
  const runtime = mkdtempSync(join(tmpdir(), "cloudsmith-session-"));
  const session = {
    ...env,
    CLOUDSMITH_ELECTRON_22: electron22,
    XDG_RUNTIME_DIR: runtime,
    XDG_CURRENT_DESKTOP: "GNOME",
    // The key store of the session lives and ends with it.
    XDG_DATA_HOME: join(runtime, "data"),
    PATH: `${join(modules, ".bin")}:${process.env.PATH}`,
  };
  const screen = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1400x900x24"];
  const starter = join(desktop, "e2e", "native", "session.sh");
  try {
    return await spawned(screen[0], [...screen.slice(1), "dbus-run-session", "--", "sh", starter, ...command], session);
  } finally {
    rmSync(runtime, { recursive: true, force: true, maxRetries: 5 });
  }
}

function spawned(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: desktop,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => child.kill(signal));
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal === null ? 0 : 1)));
  });
}

try {
  if (process.platform !== "linux")
    throw new SetupError(
      "The tests of the desktop app run on Linux",
      "they make a desktop session of their own with Xvfb, D-Bus and a key store",
      "Run them in a container or a virtual machine with Debian or Ubuntu",
    );
  await setUp("test");
  const args = process.argv.slice(2);
  // `--run FILE`: a program of ours in the same session, such as a benchmark.
  const [first, ...rest] = args;
  const node = nodeBinary();
  if (first === "--run") process.exitCode = await runOther(node, rest);
  else if (first === "--packaged") process.exitCode = await runPackagedTests(node, rest);
  else process.exitCode = await runDesktopTests(node, args);
} catch (error) {
  tell(error);
  process.exitCode = 3;
}
