// Packages what is built of the desktop app, and looks at what came of it.
import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire } from "@electron/fuses";
import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve as absolute } from "node:path";
import { parse } from "yaml";
import { SetupError } from "./setup-error.mjs";
import { nodeBinary, root } from "./setup.mjs";

const desktop = join(root, "desktop");
const modules = join(root, "node_modules");

/** What electron-builder.yml says. */
export function packageConfiguration() {
  return parse(readFileSync(join(desktop, "electron-builder.yml"), "utf8"));
}

/** Packages what is built, by this configuration, and reads the fuses back from what came of it. */
export async function makePackage(node, configuration, args = []) {
  await run(node, [join(root, "scripts", "bundle.mjs")], { cwd: root });
  layAgent();
  const file = join(desktop, "dist", "builder.json");
  writeFileSync(file, JSON.stringify(configuration));
  await run(node, [join(modules, "electron-builder", "cli.js"), "--publish", "never", "--config", file, ...args]);
  for (const program of unpackedPrograms(configuration.directories.output))
    await checkFuses(program, configuration.electronFuses);
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
}

/** The app's program in each unpacked folder that is there. */
export function unpackedPrograms(folder) {
  return [
    ["linux-unpacked", "cloudsmith"],
    ["linux-arm64-unpacked", "cloudsmith"],
    ["win-unpacked", "CloudSmith.exe"],
    ["mac-universal", "CloudSmith.app"],
  ]
    .map((parts) => absolute(desktop, folder, ...parts))
    .filter((file) => existsSync(file));
}

/** Throws where a program's fuses are not those of the configuration. */
async function checkFuses(program, wanted) {
  const wire = await getCurrentFuseWire(program);
  const wrong = Object.entries(wanted).filter(([name, on]) => wire[fuseNamed(name)] !== fuseState(on));
  if (wrong.length > 0)
    throw new SetupError(
      `The fuses of ${program} are not those of electron-builder.yml`,
      `these differ: ${wrong.map(([name]) => name).join(", ")}`,
      "Remove desktop/dist/packages and package it again",
    );
  process.stderr.write(`${Object.keys(wanted).length} fuses of ${program} are as they should be\n`);
}

/** Electron's own fuses are named with a capital. */
function fuseNamed(name) {
  return FuseV1Options[`${name.charAt(0).toUpperCase()}${name.slice(1)}`];
}

/** Fuses are the digits 0 and 1 within the program. */
function fuseState(on) {
  return (on ? "1" : "0").charCodeAt(0);
}

/** Lets a program be driven by tests; what is shipped cannot be. */
export function allowInspection(program) {
  return flipFuses(program, { version: FuseVersion.V1, [FuseV1Options.EnableNodeCliInspectArguments]: true });
}

/** Rejects when it ends badly. */
export function run(command, args, { cwd = desktop, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0
        ? resolve()
        : reject(new SetupError("The app could not be packaged", `${args[0]} ended with ${code}`, "Look above")),
    );
  });
}
