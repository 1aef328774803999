// The packaged app with the Electron of the tests: packaged as the one that ships, with what that Electron lacks put before it.
import { build } from "esbuild";
import { cpSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { allowInspection, makePackage, packageConfiguration, unpackedPrograms } from "./desktop-package.mjs";
import { electron22 } from "./electron-22.mjs";
import { root } from "./setup.mjs";

const desktop = join(root, "desktop");
const compat = join(desktop, "e2e", "electron-22");
const build22 = join(desktop, "dist", "electron-22");
const output = join(desktop, "dist", "packages-22");

/** Packages the build for Electron 22 as far as the folder; the program that tests can drive, and the one as it would be shipped. */
export async function packageForTests(node) {
  await addCompat();
  const electronDist = bareElectron();
  rmSync(output, { recursive: true, force: true });
  // Tests put the address of their own list in its place.
  const publish = { provider: "generic", url: "http://127.0.0.1:9/" };
  await makePackage(node, { ...configuration22(), electronDist, publish }, ["--linux", "dir"]);
  const [shipped] = unpackedPrograms(output);
  const driven = join(dirname(shipped), "cloudsmith-driven");
  cpSync(shipped, driven);
  await allowInspection(driven);
  return { shipped, driven };
}

/** In one file, since nothing of node_modules is shipped. */
async function addCompat() {
  await build({
    absWorkingDir: root,
    entryPoints: [join(compat, "start.cjs")],
    outfile: join(build22, "start.cjs"),
    bundle: true,
    platform: "node",
    target: "node16",
    external: ["electron", "./main/main.cjs"],
    logLevel: "warning",
  });
  cpSync(join(compat, "preload-compat.cjs"), join(build22, "preload-compat.cjs"));
}

/** Electron without the default app that stands in for its own. */
function bareElectron() {
  const folder = join(desktop, "dist", "electron-22-bare");
  if (existsSync(folder)) return folder;
  const source = dirname(electron22);
  cpSync(source, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path !== join(source, "resources", "app"),
  });
  return folder;
}

function configuration22() {
  const { electronFuses, files, directories, ...shipped } = packageConfiguration();
  // Electron 22 does not have this fuse yet.
  const { grantFileProtocolExtraPrivileges: _, ...fuses } = electronFuses;
  return {
    ...shipped,
    directories: { ...directories, output },
    files: files.map((each) => (each === "dist/app/**" ? "dist/electron-22/**" : each)),
    electronFuses: fuses,
    electronVersion: "22.3.25",
    extraMetadata: { main: "dist/electron-22/start.cjs" },
  };
}
