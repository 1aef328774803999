import { posix } from "node:path";
import { pythonFrameworks, scriptServers, type PythonFramework } from "../python-frameworks.ts";
import { readPython, type PythonFile } from "./python-source.ts";
import { joinPath, type SourceTree } from "./source-tree.ts";

/** Where the app object is, or the script that serves. */
export type PythonApp =
  | {
      readonly type: "object";
      readonly file: string;
      /** `package.module:name`, or `package.module:factory` with `factory`. */
      readonly module: string;
      readonly name: string;
      readonly factory: boolean;
      readonly serves: "wsgi" | "asgi";
      readonly framework: PythonFramework | undefined;
      /** Folder to import from, relative to the app's: "" or `src`. */
      readonly root: string;
    }
  | { readonly type: "script"; readonly file: string; readonly label: string }
  | { readonly type: "streamlit"; readonly file: string };

const fileLimit = 400;
const skipped =
  /(^|\/)(tests?|testing|migrations|alembic|docs?|examples?|scripts?|notebooks|site-packages|venv|env|\.venv|node_modules|build|dist)\//;
const testFile = /(^|\/)(test_[^/]*|[^/]*_test|conftest|setup|noxfile|tasks|fabfile|manage)\.py$/;

/** Files that usually hold the app, best first; others follow by depth and name. */
const usual = [
  "wsgi",
  "asgi",
  "app",
  "main",
  "server",
  "application",
  "api",
  "web",
  "run",
  "index",
  "__init__",
  "__main__",
];

/** Finds the app by the syntax trees of the Python files below a folder. */
export function findPythonApp(tree: SourceTree, dir: string, dependencies: ReadonlySet<string>): PythonApp | undefined {
  const below = (path: string): string => (dir === "" ? path : path.slice(dir.length + 1));
  const others = projectsBelow(tree, dir).map(below);
  const files = tree
    .find(dir, /\.py$/, { depth: 4, limit: fileLimit })
    .map(below)
    .filter((path) => !skipped.test(path) && !testFile.test(path) && !others.some((folder) => path.startsWith(folder)))
    .sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
  const read = new Map<string, PythonFile>();
  const parse = (file: string): PythonFile => {
    const known = read.get(file);
    if (known !== undefined) return known;
    const parsed = readPython(tree.text(joinPath(dir, file)) ?? "");
    read.set(file, parsed);
    return parsed;
  };
  const objects = files.flatMap((file) => appObject(file, parse(file), parse, files) ?? []);
  const best = objects.find((each) => !each.factory) ?? objects[0];
  if (best !== undefined) return startOf(best, files, parse) ?? best;
  const streamlit = dependencies.has("streamlit")
    ? files.find((file) => [...parse(file).imports.values()].includes("streamlit"))
    : undefined;
  if (streamlit !== undefined) return { type: "streamlit", file: streamlit };
  const script = files.map((file) => serverScript(file, parse(file))).find((each) => each !== undefined);
  return script ?? files.map((file) => plainCallable(file, parse(file))).find((each) => each !== undefined);
}

/** A function or an object that a server can call although no framework made it. */
function plainCallable(file: string, parsed: PythonFile): AppObject | undefined {
  const objects = [...parsed.calls].flatMap(([name, callee]) => {
    const serves = parsed.callables.get(callee);
    return serves === undefined ? [] : [{ name, serves }];
  });
  const functions = [...parsed.callables].flatMap(([name, serves]) =>
    parsed.functions.has(name) ? [{ name, serves }] : [],
  );
  const [best] = [...objects, ...functions].sort((a, b) => rankOf(preferred, a.name) - rankOf(preferred, b.name));
  return best === undefined ? undefined : made(file, best.name, false, { ...best, framework: undefined });
}

/** Folders with a manifest of their own, each with its slash: what is in them is another app's, with other packages. */
function projectsBelow(tree: SourceTree, dir: string): string[] {
  return tree
    .find(dir, /(^|\/)(pyproject\.toml|requirements\.txt|Pipfile|manage\.py)$/, { depth: 3, limit: 100 })
    .map((path) => path.slice(0, path.lastIndexOf("/") + 1))
    .filter((folder) => folder !== (dir === "" ? "" : `${dir}/`));
}

function order(path: string): number {
  const name = posix.basename(path, ".py");
  const depth = path.split("/").length - (path.startsWith("src/") ? 2 : 1);
  const place = usual.indexOf(name);
  return depth * 20 + (place === -1 ? usual.length : place);
}

/** How the app object is usually called. */
const preferred = ["application", "app", "server", "api"];

type AppObject = Extract<PythonApp, { type: "object" }>;

function appObject(
  file: string,
  parsed: PythonFile,
  parse: (file: string) => PythonFile,
  files: readonly string[],
): AppObject | undefined {
  const names = [...parsed.calls.keys()].sort((a, b) => rankOf(preferred, a) - rankOf(preferred, b));
  for (const name of names) {
    const callee = parsed.calls.get(name) ?? "";
    const framework = frameworkOf(callee) ?? frameworkOf(factoryResult(callee, file, parsed, parse, files));
    if (framework !== undefined) return made(file, name, false, byFramework(framework));
  }
  const factories = [
    "create_app",
    "make_app",
    "get_app",
    "build_app",
    "app_factory",
    "create_application",
    "application_factory",
  ];
  for (const name of factories) {
    const found = parsed.functions.get(name);
    if (found === undefined || found.needsArguments) continue;
    const framework = frameworkOf(found.returns);
    if (framework !== undefined) return made(file, name, true, byFramework(framework));
  }
  return undefined;
}

function rankOf(list: readonly string[], name: string): number {
  const index = list.indexOf(name);
  return index === -1 ? list.length : index;
}

/** What `create_app()` gives, defined in this file or in one of the source that it is imported from. */
function factoryResult(
  callee: string,
  file: string,
  parsed: PythonFile,
  parse: (file: string) => PythonFile,
  files: readonly string[],
): string | undefined {
  const own = parsed.functions.get(callee);
  if (own !== undefined) return own.returns;
  const dot = callee.lastIndexOf(".");
  if (dot <= 0) return undefined;
  const module = absolute(callee.slice(0, dot), file);
  const source = fileOf(module, files);
  if (source === undefined || source === file) return undefined;
  const other = parse(source);
  const name = callee.slice(dot + 1);
  return other.functions.get(name)?.returns ?? other.calls.get(name);
}

function fileOf(module: string, files: readonly string[]): string | undefined {
  const path = module.replaceAll(".", "/");
  return [`${path}.py`, `${path}/__init__.py`, `src/${path}.py`, `src/${path}/__init__.py`].find((each) =>
    files.includes(each),
  );
}

/**
 * An app that a package makes in its `__init__.py` may get its routes in another file. Where a file beside the package imports it through there, that file is what is started.
 * One that runs a server as soon as it is imported is not.
 */
function startOf(app: AppObject, files: readonly string[], parse: (file: string) => PythonFile): AppObject | undefined {
  if (!app.file.endsWith("__init__.py")) return undefined;
  const leads = (origin: string, from: string, hops: number): boolean => {
    const dot = origin.lastIndexOf(".");
    const name = origin.slice(dot + 1);
    const module = dot <= 0 ? origin.slice(0, dot + 1) : origin.slice(0, dot);
    const source = hops === 0 || module === "" ? undefined : fileOf(absolute(module, from), files);
    if (source === undefined || source === from) return false;
    if (source === app.file && name === app.name) return true;
    const next = parse(source).imports.get(name);
    return next !== undefined && leads(next, source, hops - 1);
  };
  for (const file of files.filter((each) =>
    /^(?:startup|wsgi|asgi|app|main|server|application|web|run)\.py$/.test(each),
  )) {
    const parsed = parse(file);
    const runsAtOnce = !parsed.isScript && [...parsed.runs].some((call) => call.endsWith(".run"));
    const name = [...parsed.imports].find(([, origin]) => leads(origin, file, 3))?.[0];
    if (name !== undefined && !runsAtOnce) return made(file, name, false, app);
  }
  return undefined;
}

/** A relative module (`.factory`, `..app`) seen from a file. */
function absolute(module: string, file: string): string {
  const dots = /^\.+/.exec(module)?.[0].length ?? 0;
  if (dots === 0) return module;
  const folder = posix
    .dirname(file)
    .split("/")
    .filter((part) => part !== ".");
  return [...folder.slice(0, folder.length - (dots - 1)), ...module.slice(dots).split(".")]
    .filter((part) => part !== "")
    .join(".");
}

function frameworkOf(callee: string | undefined): PythonFramework | undefined {
  return callee === undefined ? undefined : pythonFrameworks.find((row) => row.apps.includes(callee));
}

function byFramework(framework: PythonFramework): Pick<AppObject, "serves" | "framework"> {
  return { serves: framework.serves === "asgi" ? "asgi" : "wsgi", framework };
}

function made(
  file: string,
  name: string,
  factory: boolean,
  { serves, framework }: Pick<AppObject, "serves" | "framework">,
): AppObject {
  const root = file.startsWith("src/") ? "src" : "";
  const module = file
    .slice(root === "" ? 0 : root.length + 1)
    .replace(/\.py$/, "")
    .replace(/\/__init__$/, "")
    .replaceAll("/", ".");
  return {
    type: "object",
    file,
    module,
    name,
    factory,
    serves,
    framework,
    root,
  };
}

function serverScript(file: string, parsed: PythonFile): PythonApp | undefined {
  if (!parsed.isScript && parsed.runs.size === 0) return undefined;
  const all = [...parsed.runs, ...parsed.imports.values()];
  const row = scriptServers.find((each) => all.some((call) => each.calls.test(call)));
  return row === undefined ? undefined : { type: "script", file, label: row.label };
}
