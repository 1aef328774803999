import { intersects, validRange } from "semver";
import { because, toCommand, warn, newDraft, type Draft } from "../plan/draft.ts";
import { readProcfile } from "../plan/procfile.ts";
import { findPythonApp, type PythonApp } from "../plan/python-app.ts";
import { pythonDependencies, type PythonDependencies } from "../plan/python-dependencies.ts";
import { choosePython } from "../plan/python-version.ts";
import { joinPath } from "../plan/source-tree.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

/** Servers that are added where the app brings none, in versions that were tried: the first that runs on the app's Python. */
const servers = {
  gunicorn: [
    { python: ">=3.7", requirement: "gunicorn==23.0.0" },
    { python: ">=3.4", requirement: "gunicorn==20.1.0" },
  ],
  uvicorn: [
    { python: ">=3.9", requirement: "uvicorn[standard]==0.38.0" },
    { python: ">=3.7", requirement: "uvicorn[standard]==0.22.0" },
  ],
} as const;

/** Where packages are installed and generated files stand, below the app's folder. */
export const pythonFolder = ".cloudsmith";

interface PythonPlan {
  readonly context: DetectContext;
  readonly draft: Draft;
  readonly dependencies: PythonDependencies;
  /** Packages to install besides those of the app. */
  readonly added: Set<string>;
}

/** Apps of Python: an app object or a script found by the syntax tree, served by gunicorn or uvicorn. */
export function detectPython(context: DetectContext): Candidate | undefined {
  const { tree, dir } = context;
  const evidence =
    tree
      .names(dir)
      .some((name) =>
        /\.py$|^(requirements.*\.txt|pyproject\.toml|Pipfile|setup\.py|uv\.lock|poetry\.lock)$/.test(name),
      ) || tree.isFolder(joinPath(dir, "requirements"));
  if (!evidence) return undefined;
  const dependencies = pythonDependencies(tree, dir);
  const plan: PythonPlan = { context, draft: newDraft("python", dir), dependencies, added: new Set() };
  planToolchain(plan);
  const sureness = planServe(plan);
  if (sureness === undefined) return undefined;
  planInstall(plan);
  return { rank: sureness, draft: plan.draft };
}

function planServe(plan: PythonPlan): number | undefined {
  const { context, draft, dependencies } = plan;
  const { tree, dir } = context;
  const procfile = readProcfile(tree, dir);
  const release = procfile.get("release");
  if (release !== undefined) {
    draft.plan.commands.release = toCommand(release);
    because(draft, "commands.release", "release of the Procfile", "platform-file");
  }
  for (const [name, command] of procfile) {
    if (name !== "web" && name !== "release")
      draft.plan.processes.push({ name, type: "worker", command: toCommand(command), run: false });
  }
  const django = tree.isFile(joinPath(dir, "manage.py"));
  const web = procfile.get("web");
  if (web !== undefined && !isDevelopmentServer(web)) {
    draft.plan.serve = { type: "process", start: toCommand(web) };
    because(draft, "serve", "web of the Procfile", "platform-file");
    bringServer(plan, web);
    if (django) planDjango(plan);
    else nameFramework(plan);
    return rank.server + 5;
  }
  if (django) return serveDjango(plan);
  const app = findPythonApp(tree, dir, dependencies.names);
  if (app === undefined) return undefined;
  return serveApp(plan, app);
}

const developmentServer = /manage\.py\s+runserver|flask\s+run|--reload\b|--debug\b|fastapi\s+dev|hypercorn\s+--reload/;

function isDevelopmentServer(command: string): boolean {
  return developmentServer.test(command);
}

/** A start that names a server which nothing installs gets it. */
function bringServer(plan: PythonPlan, command: string): void {
  for (const name of ["gunicorn", "uvicorn"] as const) {
    if (new RegExp(`\\b${name}\\b`).test(command) && !plan.dependencies.names.has(name))
      add(plan, serverFor(plan, name), "the start command needs it and nothing installs it");
  }
}

function serverFor({ draft }: PythonPlan, name: keyof typeof servers): string {
  const asked = draft.plan.toolchains["python"] ?? "*";
  const [newest] = servers[name];
  const fitting = servers[name].find(({ python }) => validRange(asked) === null || intersects(python, asked));
  return (fitting ?? newest).requirement;
}

function add(plan: PythonPlan, requirement: string, why: string): void {
  plan.added.add(requirement);
  because(plan.draft, `install.${requirement.replace(/[[=].*$/, "")}`, `${requirement} is added: ${why}`);
}

function serveApp(plan: PythonPlan, app: PythonApp): number {
  const { draft } = plan;
  if (app.type === "streamlit") {
    const argv = [
      "python",
      "-m",
      "streamlit",
      "run",
      app.file,
      "--server.port",
      "$PORT",
      "--server.address",
      "$HOST",
      "--server.headless",
      "true",
    ];
    draft.plan.serve = { type: "process", start: { argv } };
    draft.plan.framework = "streamlit";
    because(draft, "serve", `${app.file} is a Streamlit app`);
    return rank.entry + 5;
  }
  if (app.type === "script") {
    draft.plan.serve = { type: "process", start: { argv: ["python", app.file] } };
    because(draft, "serve", `${app.file} starts ${app.label}`);
    return rank.entry;
  }
  draft.plan.framework = app.framework?.name ?? null;
  const packageLike = plan.context.tree.isFile(joinPath(plan.context.dir, "src/__init__.py"));
  const module = app.root === "src" && packageLike ? `src.${app.module}` : app.module;
  serveObject(plan, { module, name: app.name, factory: app.factory, serves: app.serves });
  if (app.root === "src" && !packageLike) draft.plan.env.run["PYTHONPATH"] = "src";
  because(
    draft,
    "serve",
    `${app.file} has the ${app.framework?.label ?? app.serves.toUpperCase()} app ${app.factory ? `factory ${app.name}()` : app.name}`,
  );
  because(draft, "framework", `${app.file} makes the app`);
  return rank.server - 5;
}

interface AppObject {
  readonly module: string;
  readonly name: string;
  readonly factory: boolean;
  readonly serves: "wsgi" | "asgi";
}

function serveObject(plan: PythonPlan, app: AppObject): void {
  const argv =
    app.serves === "asgi"
      ? [
          "python",
          "-m",
          "uvicorn",
          "--host",
          "$HOST",
          "--port",
          "$PORT",
          "--proxy-headers",
          ...(app.factory ? ["--factory"] : []),
          `${app.module}:${app.name}`,
        ]
      : [
          "python",
          "-m",
          "gunicorn",
          "--bind",
          "$HOST:$PORT",
          "--threads",
          "8",
          "--access-logfile",
          "-",
          `${app.module}:${app.name}${app.factory ? "()" : ""}`,
        ];
  plan.draft.plan.serve = { type: "process", start: { argv } };
  const server = app.serves === "asgi" ? "uvicorn" : "gunicorn";
  if (!plan.dependencies.names.has(server))
    add(
      plan,
      serverFor(plan, server),
      `${app.serves.toUpperCase()} apps need a server, and the app brings none that CloudSmith starts`,
    );
}

function nameFramework(plan: PythonPlan): void {
  const name = [
    "fastapi",
    "flask",
    "starlette",
    "quart",
    "sanic",
    "litestar",
    "falcon",
    "bottle",
    "dash",
    "streamlit",
  ].find((each) => plan.dependencies.names.has(each));
  plan.draft.plan.framework = name ?? null;
}

function serveDjango(plan: PythonPlan): number {
  const settings = planDjango(plan);
  const { tree, dir } = plan.context;
  const packageName = settings?.split(".")[0] ?? "";
  const asgi =
    ["channels", "daphne"].some((name) => plan.dependencies.names.has(name)) &&
    tree.isFile(joinPath(dir, `${packageName}/asgi.py`));
  const file = asgi ? "asgi" : "wsgi";
  const found = tree.isFile(joinPath(dir, `${packageName}/${file}.py`))
    ? `${packageName}/${file}.py`
    : tree
        .find(dir, new RegExp(`(^|/)${file}\\.py$`), { depth: 3, limit: 5 })
        .map((path) => (dir === "" ? path : path.slice(dir.length + 1)))[0];
  const module = found?.replace(/\.py$/, "").replaceAll("/", ".");
  if (module === undefined) {
    plan.draft.plan.serve = {
      type: "process",
      start: { argv: ["python", "manage.py", "runserver", "--noreload", "$HOST:$PORT"] },
    };
    warn(
      plan.draft,
      "django-no-wsgi",
      "The project has no wsgi.py; Django's development server is used",
      "Add a wsgi.py as `django-admin startproject` makes it",
    );
    because(plan.draft, "serve", "manage.py, without a wsgi.py");
    return rank.server;
  }
  serveObject(plan, { module, name: "application", factory: false, serves: asgi ? "asgi" : "wsgi" });
  because(plan.draft, "serve", `${found} has Django's application`);
  return rank.explicit - 10;
}

/** Static files are collected at build, and a database of files is migrated before the switch. Gives the settings module. */
function planDjango(plan: PythonPlan): string | undefined {
  const { context, draft } = plan;
  const { tree, dir } = context;
  draft.plan.framework = "django";
  because(draft, "framework", "manage.py is Django's");
  const module = /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/.exec(
    tree.text(joinPath(dir, "manage.py")) ?? "",
  )?.[1];
  const text = settingsText(context, module);
  for (const name of secretNames(text)) draft.plan.env.build[name] = "only-for-the-build";
  collectStatic(draft, text);
  if (draft.plan.commands.release === null && /django\.db\.backends\.sqlite3/.test(text)) {
    draft.plan.commands.release = { argv: ["python", "manage.py", "migrate", "--noinput"] };
    because(draft, "commands.release", "the database is a file: migrations are applied before the switch");
    warn(
      draft,
      "database-in-the-app",
      "The SQLite database stands in the app's folder and starts empty with each deployment",
      "Put it below a folder that is set as `persist`, or use a database server",
    );
  } else if (draft.plan.commands.release === null) {
    warn(
      draft,
      "migrations-not-run",
      "Migrations are not run by themselves",
      'Set release to "python manage.py migrate --noinput" to run them before each switch',
    );
  }
  return module;
}

/** Without STATIC_ROOT collecting is refused; one that is set in a branch is there or not, which only the settings themselves know. */
function collectStatic(draft: Draft, settings: string): void {
  const collect = "python manage.py collectstatic --noinput";
  if (/^STATIC_ROOT\s*=/m.test(settings)) {
    draft.plan.commands.build = { argv: ["python", ...collect.split(" ").slice(1)] };
    because(draft, "commands.build", "the settings have STATIC_ROOT: static files are collected");
  } else if (/^\s+STATIC_ROOT\s*=/m.test(settings)) {
    draft.plan.commands.build = {
      script: `python manage.py diffsettings --all | grep -q "STATIC_ROOT = None" || ${collect}`,
    };
    because(
      draft,
      "commands.build",
      "the settings have STATIC_ROOT under a condition: files are collected where it holds",
    );
  }
}

function settingsText({ tree, dir }: DetectContext, module: string | undefined): string {
  if (module === undefined) return "";
  const path = joinPath(dir, module.replaceAll(".", "/"));
  const folder = tree
    .names(path)
    .filter((name) => name.endsWith(".py"))
    .map((name) => `${path}/${name}`);
  const beside = tree
    .names(path.slice(0, Math.max(0, path.lastIndexOf("/"))))
    .filter((name) => name === "base.py" || name === "common.py")
    .map((name) => joinPath(path.slice(0, path.lastIndexOf("/")), name));
  return [`${path}.py`, ...folder, ...beside].map((file) => tree.text(file) ?? "").join("\n");
}

/** Variables of secrets that the settings refuse to be without; a build that only collects files gets a stand-in. */
function secretNames(text: string): string[] {
  const pattern = /(?:environ(?:\.get)?[[(]|getenv\(|\benv(?:\.str)?\(|config\()\s*["'](\w*SECRET_KEY\w*)["']/g;
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""))].filter((name) => name !== "");
}

function planToolchain(plan: PythonPlan): void {
  const { context, draft } = plan;
  const asked = context.settings.get("toolchains")?.value["python"];
  const python =
    asked === undefined
      ? choosePython(context.tree, context.dir, plan.dependencies.lines)
      : { range: asked, because: "it was asked for" };
  draft.plan.toolchains["python"] = /^\d+\.\d+$/.test(python.range) ? `~${python.range}.0` : python.range;
  because(draft, "toolchains.python", python.because);
}

function planInstall({ draft, dependencies, added }: PythonPlan): void {
  const { manager, file } = dependencies;
  draft.plan.packageManager = {
    name: manager,
    version: null,
    lockfile: file !== null && /lock/.test(file) ? file : null,
  };
  because(draft, "packageManager", dependencies.because);
  draft.plan.port = null;
  if (file === null && added.size === 0) {
    because(draft, "commands.install", dependencies.because);
    return;
  }
  const list = dependencies.requirements === undefined ? file : `${pythonFolder}/requirements.txt`;
  const own = dependencies.installSelf ? ["."] : [];
  const wanted = list === null || (dependencies.requirements?.length === 0 && own.length > 0) ? [] : ["-r", list];
  draft.plan.commands.install = { argv: ["python", "-m", "pip", "install", ...wanted, ...own, ...added] };
  because(draft, "commands.install", dependencies.because);
  if (
    dependencies.file !== null &&
    dependencies.requirements !== undefined &&
    draft.plan.packageManager.lockfile === null
  ) {
    warn(
      draft,
      "no-lockfile",
      "Nothing pins the versions of the packages: a later build may get others",
      "Commit a lock: uv lock, poetry lock, or pip freeze > requirements.txt",
    );
  }
}
