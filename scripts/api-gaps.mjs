// `node scripts/api-gaps.mjs [--check]`: what main process and preload use and Electron 22, on which tests run, does not have, as the compiler
// sees it by that version's typings and the language of its time. Writes desktop/e2e/electron-22/api-gaps.json, or compares with it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { SetupError } from "./setup-error.mjs";
import { root, setUp, tell } from "./setup.mjs";

const version = "22.3.25";
const integrity = "sha512-AjrP7bebMs/IPsgmyowptbA7jycTkrJC7jLZTb5JoH30PkBC6pZx/7XQ0aDok82SsmSiF4UJDOg+HoLrEBiqmg==";
const desktop = join(root, "desktop");
const list = join(desktop, "e2e", "electron-22", "api-gaps.json");

try {
  const node = await setUp("check");
  const work = mkdtempSync(join(tmpdir(), "cloudsmith-gaps-"));
  try {
    fetchTypings(work);
    const gaps = findGaps(node, work);
    const text = `${JSON.stringify(gaps, undefined, 2)}\n`;
    if (!process.argv.includes("--check")) writeFileSync(list, text);
    else if (readFileSync(list, "utf8") !== text)
      throw new SetupError(
        "The list of API gaps is not up to date",
        "code uses something else now",
        "Run node scripts/api-gaps.mjs",
      );
    process.stdout.write(`${gaps.length} gaps\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
} catch (error) {
  tell(error);
  process.exitCode = 3;
}

/** The package by npm, without running or installing anything of it; its digest is checked. */
function fetchTypings(work) {
  const { status, stderr } = spawnSync("npm", ["pack", "--silent", `electron@${version}`, "--pack-destination", work], {
    encoding: "utf8",
  });
  if (status !== 0)
    throw new SetupError(`The typings of Electron ${version} cannot be fetched`, stderr, "Check the network");
  const tarball = join(work, `electron-${version}.tgz`);
  const digest = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  if (digest !== integrity)
    throw new SetupError("The typings are not the ones that are known", `their digest is ${digest}`, "Do not use them");
  spawnSync("tar", ["-xzf", tarball, "-C", work, "package/electron.d.ts"]);
}

/** Each name that the compiler misses, with the files that use it. */
function findGaps(node, work) {
  const config = join(work, "tsconfig.json");
  const options = {
    incremental: false,
    noEmit: true,
    skipLibCheck: true,
    // What follows from a gap is none.
    noImplicitAny: false,
    // The language of Node 16 and Chromium 108.
    lib: ["es2022", "dom", "dom.iterable"],
    typeRoots: [join(root, "node_modules", "@types")],
    types: ["node"],
    paths: { electron: [join(work, "package", "electron.d.ts")] },
  };
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(desktop, "tsconfig.node.json"),
      compilerOptions: options,
      include: [join(desktop, "src", "main"), join(desktop, "src", "preload")],
      exclude: [join(desktop, "**", "*.test.ts"), join(desktop, "src", "main", "testing")],
    }),
  );
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = spawnSync(node, [tsc, "-p", config, "--pretty", "false"], { cwd: desktop, encoding: "utf8" });
  const gaps = new Map();
  for (const line of stdout.split("\n")) {
    const [, file, number, message] = /^(\S+)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line) ?? [];
    if (file === undefined) continue;
    const path = join(desktop, file);
    const code = readFileSync(path, "utf8").split("\n")[Number(number) - 1]?.trim();
    const missing = message.replace(/'\{.*\}\[?\]?.*?'\./, "'object[]'.").replace(/ Do you need.*/, "");
    gaps.set(missing, [...(gaps.get(missing) ?? []), `${relative(desktop, path)}: ${code}`]);
  }
  return [...gaps]
    .map(([missing, at]) => ({ missing, at: at.toSorted() }))
    .toSorted((a, b) => a.missing.localeCompare(b.missing));
}
