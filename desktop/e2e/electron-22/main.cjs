// Stands in for Electron's own default app, which packaged apps strip: `electron [-r module]… [--flag]… <app folder> [app arguments]`.
const { app } = require("electron");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const args = process.argv.slice(1);
if (args.some((arg) => arg === "--version" || arg === "-v")) {
  process.stdout.write(`v${process.versions.electron}\n`);
  process.exit(0);
}

const required = [];
let folder;
while (args.length > 0 && folder === undefined) {
  const arg = args.shift();
  if (arg === "-r" || arg === "--require") required.push(args.shift());
  else if (!arg.startsWith("-")) folder = path.resolve(arg);
}
if (folder === undefined) {
  process.stderr.write("usage: electron [-r module] <app folder>\n");
  process.exit(2);
}
const manifest = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
app.setVersion(manifest.version ?? "0.0.0");
app.setName(manifest.productName ?? manifest.name);
app.setAppPath(folder);
Object.defineProperty(process, "defaultApp", { configurable: false, enumerable: true, value: true });
Module._preloadModules(required);
require(path.resolve(folder, manifest.main));
