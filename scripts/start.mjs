// `npm start`: opens CloudSmith, in a window of its own where there is a display and an Electron, else in the browser; says which and why.
// What follows `--` is for whichever is opened.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, setUp, tell } from "./setup.mjs";
import { chooseStart } from "./start-choice.mjs";

const desktop = join(root, "desktop");
const modules = join(root, "node_modules");

try {
  const node = await setUp("run");
  process.exitCode = await start(node, process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = 3;
}

async function start(node, args) {
  const choice = chooseStart({
    platform: process.platform,
    environment: process.env,
    electron: electronProgram(),
    isRoot: process.platform === "linux" && process.getuid() === 0,
    args,
  });
  if ("electron" in choice) return openWindow(node, choice.electron, args);
  say(`CloudSmith opens in the browser: ${choice.because}`);
  return run(process.execPath, [join(root, "scripts", "run.mjs"), "agent", "start", "--open", ...args], root);
}

async function openWindow(node, electron, args) {
  say("CloudSmith opens in a window of its own, and lives on in the tray");
  const vite = join(modules, "electron-vite", "bin", "electron-vite.js");
  const code = await run(node, [vite, "build", "--logLevel", "error"], desktop);
  if (code !== 0) return code;
  const app = spawn(electron, [...args, desktop], { detached: true, stdio: "ignore" });
  return new Promise((resolve, reject) => {
    app.on("error", reject);
    app.on("spawn", () => {
      app.unref();
      resolve(0);
    });
  });
}

/** Electron's own program, where its package has fetched it; never fetched from here, since that can take minutes. */
function electronProgram() {
  const folder = join(modules, "electron");
  const told = join(folder, "path.txt");
  const names = { win32: "electron.exe", darwin: "Electron.app/Contents/MacOS/Electron" };
  const name = existsSync(told) ? readFileSync(told, "utf8").trim() : (names[process.platform] ?? "electron");
  const program = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, "dist"), name);
  return existsSync(program) ? program : undefined;
}

function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
