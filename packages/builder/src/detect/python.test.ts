import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildPlan } from "@cloudsmith/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandText } from "../plan/draft.ts";
import { planSource } from "../plan/plan-source.ts";
import { caretRange } from "../plan/python-dependencies.ts";
import { semverRange } from "../plan/python-version.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "python-plan-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

async function planned(files: Files): Promise<BuildPlan> {
  const root = mkdtempSync(join(home, "tree-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const result = await planSource({ root, dir: "" });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.plan;
}

const start = ({ serve }: BuildPlan): string => (serve.type === "process" ? commandText(serve.start) : "static");
const install = ({ commands }: BuildPlan): string => (commands.install === null ? "" : commandText(commands.install));

const gunicorn = "python -m gunicorn --bind $HOST:$PORT --threads 8 --access-logfile -";
const uvicorn = "python -m uvicorn --host $HOST --port $PORT --proxy-headers";

describe("the app object is found by the syntax tree", () => {
  test.each<[string, Files, string]>([
    [
      "Flask in app.py",
      { "app.py": "from flask import Flask\napp = Flask(__name__)\n", "requirements.txt": "flask" },
      `${gunicorn} app:app`,
    ],
    [
      "Flask under another name, imported under another name",
      { "web.py": "from flask import Flask as F\nsite: F = F(__name__)\n", "requirements.txt": "flask" },
      `${gunicorn} web:site`,
    ],
    [
      "a WSGI function of no framework",
      {
        "wsgi.py": "def application(environ, start_response):\n  return []\n",
        "requirements.txt": "werkzeug",
      },
      `${gunicorn} wsgi:application`,
    ],
    [
      "an ASGI object of the app's own class",
      {
        "web.py": "class Site:\n  async def __call__(self, scope, receive, send):\n    pass\nsite = Site()\n",
        "requirements.txt": "",
      },
      `${uvicorn} web:site`,
    ],
    [
      "a script that serves its own WSGI function",
      {
        "web.py":
          "import os\nfrom wsgiref.simple_server import make_server\ndef app(environ, start_response):\n  return []\nmake_server('', int(os.environ['PORT']), app).serve_forever()\n",
      },
      "python web.py",
    ],
    [
      "a factory that needs no arguments",
      {
        "shop/__init__.py":
          "from flask import Flask\ndef create_app(config=None):\n  app = Flask(__name__)\n  return app\n",
        "requirements.txt": "flask",
      },
      `${gunicorn} shop:create_app()`,
    ],
    [
      "a file beside a package that imports its app through the file with the routes",
      {
        "hello/__init__.py": "from flask import Flask\napp = Flask(__name__)\n",
        "hello/webapp.py": "from . import app\nfrom . import views\n",
        "hello/views.py": "from . import app\n@app.route('/')\ndef home():\n  return 'hi'\n",
        "startup.py": "from hello.webapp import app\n",
        "requirements.txt": "flask",
      },
      `${gunicorn} startup:app`,
    ],
    [
      "the package itself where the file beside it serves as soon as it is imported",
      {
        "hello/__init__.py": "from flask import Flask\napp = Flask(__name__)\n",
        "run.py": "from hello import app\napp.run(debug=True)\n",
        "requirements.txt": "flask",
      },
      `${gunicorn} hello:app`,
    ],
    [
      "an object that a factory of another file makes",
      {
        "shop/__init__.py": "from flask import Flask\ndef create_app(name):\n  return Flask(name)\n",
        "wsgi.py": "from shop import create_app\napplication = create_app('x')\n",
        "requirements.txt": "flask",
      },
      `${gunicorn} wsgi:application`,
    ],
    [
      "FastAPI in a package",
      { "backend/main.py": "import fastapi\napi = fastapi.FastAPI()\n", "requirements.txt": "fastapi" },
      `${uvicorn} backend.main:api`,
    ],
    [
      "FastAPI below src",
      {
        "src/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "pyproject.toml": '[project]\nname="x"\ndependencies=["fastapi"]\n',
      },
      `${uvicorn} main:app`,
    ],
    [
      "a name in a comment or a string is no app",
      {
        "app.py": "# app = Flask(__name__)\ntext = 'app = Flask(__name__)'\n",
        "main.py": "from starlette.applications import Starlette\napp = Starlette()\n",
        "requirements.txt": "starlette",
      },
      `${uvicorn} main:app`,
    ],
    [
      "a server of the standard library",
      {
        "server.py":
          "from http.server import HTTPServer\nif __name__ == '__main__':\n  HTTPServer(('', 1), None).serve_forever()\n",
      },
      "python server.py",
    ],
    [
      "Streamlit",
      { "home.py": "import streamlit as st\nst.title('x')\n", "requirements.txt": "streamlit" },
      "python -m streamlit run home.py --server.port $PORT --server.address $HOST --server.headless true",
    ],
    [
      "the Procfile's web process",
      {
        Procfile: "web: gunicorn -w 3 app:app\n",
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "requirements.txt": "flask\ngunicorn",
      },
      "gunicorn -w 3 app:app",
    ],
    [
      "a development server in the Procfile is replaced",
      {
        Procfile: "web: flask run --debug\n",
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "requirements.txt": "flask",
      },
      `${gunicorn} app:app`,
    ],
  ])("%s", async (_name, files, expected) => {
    expect(start(await planned(files))).toBe(expected);
  });

  test("Django is served by its WSGI module, collects its static files and migrates a database of files", async () => {
    const plan = await planned({
      "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
      "shop/settings.py":
        'import os\nSECRET_KEY = os.environ["SECRET_KEY"]\nSTATIC_ROOT = "static"\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n',
      "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
      "requirements.txt": "django==5.1\n",
    });
    expect(start(plan)).toBe(`${gunicorn} shop.wsgi:application`);
    expect(plan.commands.build).toEqual({ argv: ["python", "manage.py", "collectstatic", "--noinput"] });
    expect(plan.commands.release).toEqual({ argv: ["python", "manage.py", "migrate", "--noinput"] });
    expect(plan.env.build["SECRET_KEY"]).toBe("only-for-the-build");
    expect(plan.env.run["SECRET_KEY"]).toBeUndefined();
  });
});

test("the server that is added runs on the app's Python", async () => {
  const old = await planned({
    "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    "requirements.txt": "flask==0.12\nDjango==1.10.5\n",
  });
  expect(install(old)).toBe("python -m pip install -r requirements.txt gunicorn==20.1.0");
});

test("static files are collected where a condition of the settings holds, which only they know", async () => {
  const { commands } = await planned({
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    "shop/settings.py": "DEBUG = True\nif not DEBUG:\n    STATIC_ROOT = 'static'\n",
    "shop/wsgi.py": "",
    "requirements.txt": "django==5.1\n",
  });
  expect(commands.build).toEqual({
    script:
      'python manage.py diffsettings --all | grep -q "STATIC_ROOT = None" || python manage.py collectstatic --noinput',
  });
});

describe("packages", () => {
  const app = { "app.py": "from flask import Flask\napp = Flask(__name__)\n" };

  test("a server is added where the app brings none, and is not where it does", async () => {
    expect(install(await planned({ ...app, "requirements.txt": "flask" }))).toBe(
      "python -m pip install -r requirements.txt gunicorn==23.0.0",
    );
    expect(install(await planned({ ...app, "requirements.txt": "Flask\nGunicorn>=20" }))).toBe(
      "python -m pip install -r requirements.txt",
    );
  });

  test.each<[string, Files, string]>([
    [
      "uv",
      {
        "uv.lock":
          '[[package]]\nname="x"\nversion="0"\nsource={virtual="."}\ndependencies=[{name="flask"}]\n[[package]]\nname="flask"\nversion="3.1.0"\n',
      },
      "uv.lock",
    ],
    ["poetry", { "poetry.lock": '[[package]]\nname="flask"\nversion="3.1.0"\noptional=false\n' }, "poetry.lock"],
    ["pipenv", { "Pipfile.lock": '{"default":{"flask":{"version":"==3.1.0"}}}' }, "Pipfile.lock"],
  ])("the lock of %s is what is installed", async (manager, files, lockfile) => {
    const plan = await planned({ ...app, ...files });
    expect(plan.packageManager).toEqual({ name: manager, version: null, lockfile });
    expect(install(plan)).toBe("python -m pip install -r .cloudsmith/requirements.txt gunicorn==23.0.0");
  });

  test("a list without a lock is said to drift", async () => {
    const plan = await planned({ ...app, "pyproject.toml": '[project]\nname="x"\ndependencies=["flask"]\n' });
    expect(plan.warnings.map((warning) => warning.code)).toContain("no-lockfile");
  });
});

test.each([
  ["^1.2", ">=1.2,<2"],
  ["^0.3.1", ">=0.3.1,<0.4"],
  ["~1.2.3", ">=1.2.3,<1.3"],
  ["1.2.3", "==1.2.3"],
  ["*", ""],
  [">=2,<3", ">=2,<3"],
])("Poetry's %s is %s for pip", (wish, expected) => {
  expect(caretRange(wish)).toBe(expected);
});

test.each([
  [">=3.11", ">=3.11 <3.14"],
  ["^3.10", "^3.10"],
  ["==3.12.*", "~3.12.0"],
  [">=3.9,<3.13", ">=3.9 <3.13"],
  ["whatever", undefined],
])("the Python range %s is %s", (wish, expected) => {
  expect(semverRange(wish)).toBe(expected);
});

const flaskApp = "from flask import Flask\napp = Flask(__name__)\n";

test.each<[string, Files, string]>([
  [
    "a current pin leaves a current Python",
    { "requirements.txt": "flask==3.1.0\npsycopg2-binary==2.9.10\n" },
    ">=3.9 <3.14",
  ],
  ["files of a driver end with 3.12", { "requirements.txt": "flask\npsycopg2-binary==2.9.9\n" }, ">=3.4 <3.13"],
  [
    "the oldest pin counts, in an included file too",
    {
      "requirements.txt": "-r more/base.txt\ncffi==1.15.1",
      "more/base.txt": "Django==4.0.3\npsycopg2_binary==2.9.3  # old\n",
    },
    ">=3.4 <3.11",
  ],
  ["older than every row", { "requirements.txt": "Django==1.8.1\n" }, ">=3.4 <3.6"],
  ["a range is no pin", { "requirements.txt": "Django>=1.8\n" }, ">=3.9 <3.14"],
  [
    "an open wish of the project is bounded",
    { "requirements.txt": "greenlet==3.0.1", "pyproject.toml": '[project]\nname="x"\nrequires-python=">=3.10"\n' },
    ">=3.10 <3.13",
  ],
  [
    "a wish that no pin fits stays",
    { "requirements.txt": "Django==1.8.1", "pyproject.toml": '[project]\nname="x"\nrequires-python=">=3.10"\n' },
    ">=3.10 <3.14",
  ],
  [
    "a version that is named stays",
    { "requirements.txt": "Django==1.8.1", ".python-version": "# ours\n3.12\n" },
    "~3.12.0",
  ],
  [
    "a lock pins as well",
    {
      "poetry.lock": '[[package]]\nname = "asyncpg"\nversion = "0.26.0"\n',
      "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\nasyncpg = "^0.26"\n',
    },
    "^3.9 <3.11",
  ],
])("Python by the pins: %s", async (_name, files, range) => {
  const plan = await planned({ "app.py": flaskApp, ...files });
  expect(plan.toolchains["python"]).toBe(range);
});
