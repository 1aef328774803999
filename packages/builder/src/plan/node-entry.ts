import { joinPath, type PackageJson, type SourceTree } from "./source-tree.ts";
import { dependencyNames } from "./framework.ts";

const entryNames = [
  "server",
  "app",
  "index",
  "main",
  "src/server",
  "src/index",
  "src/main",
  "src/app",
  "server/index",
  "server/server",
  "bin/www",
  "lib/server",
  "api/index",
];
const endings = [".js", ".mjs", ".cjs", ".ts", ".mts", ""];
const usualEntries = entryNames.flatMap((name) => endings.map((ending) => name + ending));
const listens =
  /\.listen\s*\(|createServer\s*\(|serve\s*\(|Deno\.serve|Bun\.serve|new Hono\s*\(|fastify\s*\(|app\.run\s*\(/;

export interface Entry {
  readonly file: string;
  readonly command: string;
  readonly because: string;
}

/** A file that starts a server, where no script says so: `main` of package.json or a usual name, and it listens. */
export function findEntry(tree: SourceTree, dir: string, json: PackageJson): Entry | undefined {
  const named = json.main === undefined ? [] : [json.main.replace(/^\.\//, "")];
  const file = [...named, ...usualEntries].find((name) => listens.test(tree.text(joinPath(dir, name)) ?? ""));
  if (file === undefined) return undefined;
  const runner = /\.m?ts$/.test(file) ? typescriptRunner(json) : "node";
  return { file, command: `${runner} ${file}`, because: `${file} starts a server` };
}

function typescriptRunner(json: PackageJson): string {
  const names = dependencyNames(json);
  return names.has("tsx") ? "tsx" : names.has("ts-node") ? "ts-node" : "node";
}

/** Commands that packages of another name bring. */
const binPackages: Readonly<Record<string, string>> = {
  tsc: "typescript",
  "remix-serve": "@remix-run/serve",
  "react-router-serve": "@react-router/serve",
  nest: "@nestjs/cli",
  ng: "@angular/cli",
  "babel-node": "@babel/node",
  "vue-cli-service": "@vue/cli-service",
  nuxi: "nuxt",
  prisma: "prisma",
};

/** Why the start needs what only `devDependencies` bring, or undefined where production dependencies are enough. */
export function needsDevDependencies(
  tree: SourceTree,
  dir: string,
  json: PackageJson,
  command: string,
): string | undefined {
  const isDev = (name: string): boolean =>
    json.devDependencies[name] !== undefined && json.dependencies[name] === undefined;
  const words = command.split(/[\s&|;()"']+/).filter((word) => word !== "");
  for (const word of words) {
    const name = binPackages[word] ?? word;
    if (isDev(name)) return `the start runs ${word}, which is a devDependency`;
  }
  const required = /(?:-r|--require|--import|--loader)[= ](\S+)/
    .exec(command)?.[1]
    ?.replace(/^((?:@[^/]+\/)?[^/]+).*/, "$1");
  if (required !== undefined && isDev(required)) return `the start loads ${required}, which is a devDependency`;
  const file = words.find((word) => /\.[cm]?[jt]s$/.test(word) || tree.isFile(joinPath(dir, `${word}.js`)));
  const imported =
    file === undefined
      ? undefined
      : importedDev(tree, dir, tree.isFile(joinPath(dir, file)) ? file : `${file}.js`, isDev);
  return imported === undefined ? undefined : `${imported.file} loads ${imported.name}, which is a devDependency`;
}

const imports = /(?:\bfrom\s*|\brequire\s*\(\s*|\bimport\s*\(\s*|^\s*import\s+)["']([^"']+)["']/gm;

/** The first devDependency that the sources reachable from a file import, outside of `if (dev)`-like blocks as far as text can tell. */
function importedDev(
  tree: SourceTree,
  dir: string,
  start: string,
  isDev: (name: string) => boolean,
): { file: string; name: string } | undefined {
  const queue = [start];
  const seen = new Set<string>();
  for (let file = queue.shift(); file !== undefined && seen.size < 300; file = queue.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = tree.text(joinPath(dir, file));
    if (text === undefined) continue;
    for (const [, from = ""] of text.matchAll(imports)) {
      if (from.startsWith(".")) queue.push(...candidates(joinPath(file, "..", from)));
      else {
        const name = from.replace(/^((?:@[^/]+\/)?[^/]+).*/, "$1");
        if (isDev(name) && !name.startsWith("@types/") && !typeOnly(text, from)) return { file, name };
      }
    }
  }
  return undefined;
}

function typeOnly(text: string, from: string): boolean {
  return text
    .split("\n")
    .filter((line) => line.includes(`"${from}"`) || line.includes(`'${from}'`))
    .every((line) => /^\s*import\s+type\b/.test(line));
}

function candidates(path: string): string[] {
  if (path.startsWith("..")) return [];
  return [
    path,
    `${path}.js`,
    `${path}.ts`,
    `${path}.mjs`,
    `${path}.cjs`,
    joinPath(path, "index.js"),
    joinPath(path, "index.ts"),
    path.replace(/\.js$/, ".ts"),
  ];
}

/** The port that an app listens on whatever PORT says: a number in `listen(…)` of its entry, which does not read the variable. */
export function fixedPort(tree: SourceTree, dir: string, command: string): number | undefined {
  const named = command.split(/\s+/).filter((word) => /\.[cm]?[jt]s$/.test(word));
  for (const file of [...named, "src/main.ts", "src/index.ts", "src/server.ts", "src/index.js", "src/server.js"]) {
    const text = tree.text(joinPath(dir, file));
    const port = Number(/\.listen\(\s*(\d{2,5})\b/.exec(text ?? "")?.[1]);
    if (text !== undefined && !/\bPORT\b/.test(text) && port <= 65535) return port;
  }
  return undefined;
}
