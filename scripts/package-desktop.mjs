// `npm run package [-- --dir]`: the installers of the desktop app for this platform, in desktop/dist/packages; `--dir` stops at the unpacked
// folder. ELECTRON_DIST=/folder takes an Electron that is there instead of fetching one.
import { join } from "node:path";
import { root, setUp, tell } from "./setup.mjs";

try {
  const node = await setUp("run");
  // It needs packages, which are there from here on.
  const { makePackage, packageConfiguration, run } = await import("./desktop-package.mjs");
  const vite = join(root, "node_modules", "electron-vite", "bin", "electron-vite.js");
  await run(node, [vite, "build", "--logLevel", "warn"]);
  await makePackage(node, { ...packageConfiguration(), ...fromEnvironment() }, process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = 3;
}

/** Settings that are given by the environment. */
function fromEnvironment() {
  const { ELECTRON_DIST: electronDist, UPDATES_URL: url } = process.env;
  return {
    ...(electronDist !== undefined && { electronDist }),
    // Where updates are published; without such a place the app is made without them.
    ...(url !== undefined && { publish: { provider: "generic", url } }),
  };
}
