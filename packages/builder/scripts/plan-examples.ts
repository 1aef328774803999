/** A tree that is planned for docs/build-plans.md: what the page says of a language is what its plan says. */
export interface PlanExample {
  readonly language: string;
  readonly app: string;
  readonly files: Readonly<Record<string, string>>;
}

const rubyLock = (...gems: readonly string[]): string =>
  `GEM\n  specs:\n${gems.map((gem) => `    ${gem} (1.0)\n`).join("")}`;
const goMain = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n';
const pom = (inside: string): string => `<project><packaging>jar</packaging>${inside}</project>`;
const javaMain =
  "package shop;\npublic class Main {\n  public static void main(String[] args) { HttpServer.create(); }\n}\n";

export const planExamples: readonly PlanExample[] = [
  {
    language: "Python",
    app: "`requirements.txt`, Flask",
    files: { "requirements.txt": "flask\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n" },
  },
  {
    language: "Python",
    app: "`pyproject.toml` and `uv.lock`, FastAPI",
    files: {
      "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi"]\n',
      "uv.lock": "version = 1\n",
      "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    },
  },
  {
    language: "Python",
    app: "`poetry.lock`, Starlette",
    files: {
      "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\nstarlette = "*"\n',
      "poetry.lock": "",
      "main.py": "from starlette.applications import Starlette\napp = Starlette()\n",
    },
  },
  {
    language: "Python",
    app: "`Pipfile`, any WSGI callable",
    files: {
      Pipfile: '[packages]\nwerkzeug = "*"\n',
      "wsgi.py": "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'hi']\n",
    },
  },
  {
    language: "Python",
    app: "Django, with static files",
    files: {
      "requirements.txt": "django\n",
      "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
      "shop/settings.py":
        "STATIC_URL = 'static/'\nSTATIC_ROOT = 'staticfiles'\nINSTALLED_APPS = ['django.contrib.staticfiles']\n",
      "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    },
  },
  {
    language: "Python",
    app: "the standard library's server",
    files: {
      "server.py":
        "import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\nHTTPServer(('', int(os.environ['PORT'])), BaseHTTPRequestHandler).serve_forever()\n",
    },
  },
  {
    language: "Go",
    app: "`go.mod`, main package in its folder",
    files: { "go.mod": "module example.org/shop\n\ngo 1.22\n", "main.go": goMain },
  },
  {
    language: "Go",
    app: "`go.mod` with modules, programs in `cmd/`",
    files: {
      "go.mod": "module example.org/shop\n\ngo 1.22\n\nrequire example.org/other v1.0.0\n",
      "go.sum": "",
      "cmd/server/main.go": goMain,
      "cmd/import/main.go": "package main\n\nfunc main() {}\n",
    },
  },
  {
    language: "Rust",
    app: "`Cargo.toml`, a package",
    files: {
      "Cargo.toml": '[package]\nname = "shop"\nversion = "1.0.0"\n[dependencies]\naxum = "*"\n',
      "Cargo.lock": "",
      "src/main.rs": "fn main() {}\n",
    },
  },
  {
    language: "Rust",
    app: "a workspace",
    files: {
      "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
      "Cargo.lock": "",
      "crates/api/Cargo.toml": '[package]\nname = "api"\nversion = "1.0.0"\n[dependencies]\naxum = "*"\n',
      "crates/api/src/main.rs": "fn main() {}\n",
      "crates/model/Cargo.toml": '[package]\nname = "model"\nversion = "1.0.0"\n',
      "crates/model/src/lib.rs": "",
    },
  },
  {
    language: "Java and Kotlin",
    app: "Maven, Spring Boot",
    files: {
      "pom.xml": pom(
        "<properties><java.version>17</java.version></properties><artifactId>spring-boot-starter-web</artifactId>",
      ),
    },
  },
  {
    language: "Java and Kotlin",
    app: "Maven, a plain jar",
    files: { "pom.xml": pom(""), "src/main/java/shop/Main.java": javaMain },
  },
  {
    language: "Java and Kotlin",
    app: "Gradle with its wrapper, Kotlin",
    files: {
      "build.gradle.kts": "plugins { application }\nkotlin { jvmToolchain(17) }\n",
      gradlew: "",
      "gradle/wrapper/gradle-wrapper.jar": "",
      "src/main/kotlin/Main.kt": "fun main() { embeddedServer() }\n",
    },
  },
  {
    language: "Ruby",
    app: "Rails",
    files: {
      Gemfile: 'gem "rails"\n',
      "Gemfile.lock": rubyLock("rails", "propshaft"),
      "config/application.rb": "",
      "config/database.yml": "production:\n  adapter: sqlite3\n",
    },
  },
  {
    language: "Ruby",
    app: "`config.ru`: Rack, Sinatra",
    files: {
      Gemfile: 'gem "sinatra"\ngem "puma"\n',
      "Gemfile.lock": rubyLock("puma", "sinatra"),
      "config.ru": "run App\n",
    },
  },
  { language: "Ruby", app: "a Sinatra script", files: { "app.rb": 'require "sinatra"\n' } },
  {
    language: "PHP",
    app: "Laravel",
    files: {
      "composer.json": '{ "require": { "php": "^8.2", "laravel/framework": "^12" } }',
      "composer.lock": "{}",
      "public/index.php": "",
    },
  },
  { language: "PHP", app: "plain pages", files: { "index.php": "" } },
  {
    language: "Images",
    app: "`Dockerfile`, where nothing else was recognised or it is asked for",
    files: { Dockerfile: 'FROM alpine\nEXPOSE 8080\nCMD ["serve"]\n' },
  },
  {
    language: "Images",
    app: "`compose.yaml` with one service that is built",
    files: {
      "compose.yaml": 'services:\n  web:\n    build: web\n    ports: ["8080:8080"]\n  db:\n    image: postgres\n',
      "web/Dockerfile": 'FROM alpine\nCMD ["serve"]\n',
    },
  },
  { language: "Plain files", app: "`index.html`", files: { "public/index.html": "<h1>hi</h1>" } },
];
