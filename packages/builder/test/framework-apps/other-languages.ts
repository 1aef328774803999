import type { FrameworkApp } from "./framework-app.ts";

const settings = `import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ.get("SECRET_KEY", "only for a test")
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "assets"]
DATABASES = {}
`;

const pom = (inside: string): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  ${inside}
</project>
`;

/** What other languages' package registries are needed for. */
export const otherLanguages: readonly FrameworkApp[] = [
  {
    name: "django",
    kind: "python",
    framework: "django",
    served: "process",
    path: "/static/site.css",
    answer: /color: teal/,
    files: {
      "requirements.txt": "django==5.2.7\nwhitenoise==6.11.0\n",
      "manage.py":
        'import os\nimport sys\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n\nif __name__ == "__main__":\n    from django.core.management import execute_from_command_line\n\n    execute_from_command_line(sys.argv)\n',
      "shop/__init__.py": "",
      "shop/settings.py": settings,
      "shop/urls.py":
        'from django.http import HttpResponse\nfrom django.urls import path\n\nurlpatterns = [path("", lambda request: HttpResponse("hello from Django"))]\n',
      "shop/wsgi.py":
        'import os\n\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\napplication = get_wsgi_application()\n',
      "assets/site.css": "body { color: teal; }\n",
    },
  },
  {
    name: "starlette-pyproject",
    kind: "python",
    framework: "starlette",
    served: "process",
    answer: /hello from Starlette/,
    files: {
      "pyproject.toml":
        '[project]\nname = "shop"\nversion = "1.0.0"\nrequires-python = ">=3.9"\ndependencies = ["starlette>=0.40,<1"]\n',
      "main.py":
        'from starlette.applications import Starlette\nfrom starlette.responses import PlainTextResponse\nfrom starlette.routing import Route\n\n\nasync def home(request):\n    return PlainTextResponse("hello from Starlette")\n\n\napp = Starlette(routes=[Route("/", home)])\n',
    },
  },
  {
    name: "wsgi-pipfile",
    kind: "python",
    framework: null,
    served: "process",
    path: "/x",
    answer: /hello \/x/,
    files: {
      Pipfile: '[packages]\nmarkupsafe = "*"\n',
      "wsgi.py":
        'from markupsafe import escape\n\n\ndef application(environ, start_response):\n    start_response("200 OK", [("Content-Type", "text/plain")])\n    return [f"hello {escape(environ[\'PATH_INFO\'])}".encode()]\n',
    },
  },
  {
    name: "flask-poetry",
    kind: "python",
    framework: "flask",
    served: "process",
    answer: /hello from a factory/,
    files: {
      "pyproject.toml":
        '[tool.poetry]\nname = "shop"\nversion = "1.0.0"\n\n[tool.poetry.dependencies]\npython = "^3.9"\nflask = "^3.0"\n',
      "shop/__init__.py":
        'from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n    app.add_url_rule("/", "home", lambda: "hello from a factory")\n    return app\n',
    },
  },
  {
    name: "spring-boot",
    kind: "java",
    framework: "spring-boot",
    served: "process",
    answer: /hello from Spring Boot/,
    files: {
      "pom.xml": pom(`<parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.3.5</version>
  </parent>
  <groupId>shop</groupId>
  <artifactId>shop</artifactId>
  <version>1.0.0</version>
  <properties><java.version>17</java.version></properties>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-web</artifactId>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.springframework.boot</groupId>
        <artifactId>spring-boot-maven-plugin</artifactId>
      </plugin>
    </plugins>
  </build>`),
      "src/main/java/shop/Shop.java":
        'package shop;\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\nimport org.springframework.web.bind.annotation.GetMapping;\nimport org.springframework.web.bind.annotation.RestController;\n\n@SpringBootApplication\n@RestController\npublic class Shop {\n  public static void main(String[] args) {\n    SpringApplication.run(Shop.class, args);\n  }\n\n  @GetMapping("/")\n  String home() {\n    return "hello from Spring Boot";\n  }\n}\n',
    },
  },
  {
    name: "kotlin-maven",
    kind: "java",
    framework: null,
    served: "process",
    answer: /hello from Kotlin/,
    files: {
      "pom.xml": pom(`<groupId>shop</groupId>
  <artifactId>shop</artifactId>
  <version>1.0.0</version>
  <properties><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <dependencies>
    <dependency>
      <groupId>org.jetbrains.kotlin</groupId>
      <artifactId>kotlin-stdlib</artifactId>
      <version>2.0.21</version>
    </dependency>
  </dependencies>
  <build>
    <sourceDirectory>src/main/kotlin</sourceDirectory>
    <plugins>
      <plugin>
        <groupId>org.jetbrains.kotlin</groupId>
        <artifactId>kotlin-maven-plugin</artifactId>
        <version>2.0.21</version>
        <executions>
          <execution>
            <id>compile</id>
            <phase>compile</phase>
            <goals><goal>compile</goal></goals>
          </execution>
        </executions>
      </plugin>
    </plugins>
  </build>`),
      "src/main/kotlin/Main.kt":
        'import com.sun.net.httpserver.HttpServer\nimport java.net.InetSocketAddress\n\nfun main() {\n  val server = HttpServer.create(InetSocketAddress(System.getenv("PORT").toInt()), 0)\n  server.createContext("/") { exchange ->\n    val body = "hello from Kotlin".toByteArray()\n    exchange.sendResponseHeaders(200, body.size.toLong())\n    exchange.responseBody.use { it.write(body) }\n  }\n  server.start()\n}\n',
    },
  },
];
