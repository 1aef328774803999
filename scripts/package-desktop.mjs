// `npm run package [-- --dir]`: the installers of the desktop app for this platform, in desktop/dist/packages; `--dir` stops at the unpacked
// folder. ELECTRON_DIST=/folder takes an Electron that is there instead of fetching one.
import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nodeBinary, root, setUp, tell } from "./setup.mjs";

const desktop = join(root, "desktop");
const modules = join(root, "node_modules");

try {
  const node = await setUp("run");
  process.exitCode = await makePackage(node, process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = 3;
}

async function makePackage(node, args) {
  const steps = [
    () => run(node, [join(root, "scripts", "bundle.mjs")], root),
    () => run(node, [join(modules, "electron-vite", "bin", "electron-vite.js"), "build", "--logLevel", "warn"]),
    async () => layAgent(),
    () => run(node, [join(modules, "electron-builder", "cli.js"), "--publish", "never", ...distribution(), ...args]),
  ];
  for (const each of steps) {
    const code = await each();
    if (code !== 0) return code;
  }
  return 0;
}

/** The agent beside the app: its bundle with the pages that it serves to browsers, and the Node that it runs on. */
function layAgent() {
  const agent = join(desktop, "dist", "agent");
  rmSync(agent, { recursive: true, force: true });
  mkdirSync(agent, { recursive: true });
  const bundle = join(root, "dist", "cloudsmith");
  cpSync(join(bundle, "lib"), join(agent, "lib"), { recursive: true });
  const name = process.platform === "win32" ? "node.exe" : "node";
  cpSync(nodeBinary(), join(agent, name), { dereference: true });
  chmodSync(join(agent, name), 0o755);
  return 0;
}

function distribution() {
  const { ELECTRON_DIST: folder, UPDATES_URL: updates } = process.env;
  return [
    ...(folder === undefined ? [] : [`-c.electronDist=${folder}`]),
    // Without a place to publish to, the app is made without updates.
    ...(updates === undefined ? ["-c.publish=null"] : []),
  ];
}

function run(command, args, cwd = desktop) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
