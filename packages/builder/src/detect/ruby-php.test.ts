import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildPlan } from "@cloudsmith/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planSource } from "../plan/plan-source.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "ruby-php-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function planned(files: Readonly<Record<string, string>>): Promise<BuildPlan> {
  const root = mkdtempSync(join(home, "t-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const result = await planSource({ root, dir: "" });
  if (!result.ok) throw new Error(result.failure.message);
  return result.plan;
}

const gemfile = (...gems: string[]): string =>
  ["source 'https://rubygems.org'", ...gems.map((gem) => `gem '${gem}'`)].join("\n");

test("Rails: its gems, its assets, its server, and the key that it needs", async () => {
  const plan = await planned({
    Gemfile: `${gemfile("rails", "pg", "propshaft")}\nruby '3.2.2'\n`,
    "Gemfile.lock": "",
    "config/application.rb": "",
    "config.ru": "",
    "config/credentials.yml.enc": "",
    "config/database.yml": "production:\n  adapter: postgresql\n",
  });
  expect(plan).toMatchObject({
    kind: "ruby",
    framework: "rails",
    toolchains: { ruby: "~3.2.0" },
    packageManager: { name: "bundler", lockfile: "Gemfile.lock" },
    commands: {
      install: { argv: ["bundle", "install"] },
      build: { argv: ["bundle", "exec", "rails", "assets:precompile"] },
      release: null,
    },
    serve: { start: { argv: ["bundle", "exec", "rails", "server", "-b", "$HOST", "-p", "$PORT", "-e", "production"] } },
    env: { run: { RAILS_ENV: "production", BUNDLE_WITHOUT: "development:test" } },
    expects: ["RAILS_MASTER_KEY"],
  });
  expect(plan.warnings.map(({ code }) => code)).toContain("migrations-not-run");
});

test("Rails with a database of files prepares it before the switch", async () => {
  const plan = await planned({
    Gemfile: gemfile("rails", "sqlite3"),
    "config/application.rb": "",
    "config/database.yml": "default:\n  adapter: sqlite3\n",
  });
  expect(plan.commands.release).toEqual({ argv: ["bundle", "exec", "rails", "db:prepare"] });
});

test("Sinatra: by its script, or by config.ru under Puma; a Procfile's web process wins", async () => {
  expect(await planned({ Gemfile: gemfile("sinatra"), "app.rb": "require 'sinatra'\n" })).toMatchObject({
    framework: "sinatra",
    serve: { start: { argv: ["bundle", "exec", "ruby", "app.rb", "-o", "$HOST", "-p", "$PORT"] } },
  });
  const rack = { Gemfile: gemfile("sinatra", "puma"), "config.ru": "run App", "app.rb": "require 'sinatra/base'" };
  expect((await planned(rack)).serve).toMatchObject({
    start: { argv: ["bundle", "exec", "puma", "-b", "tcp://$HOST:$PORT"] },
  });
  const procfile = await planned({
    ...rack,
    Procfile: "web: bundle exec puma -p $PORT\nworker: bundle exec sidekiq\n",
  });
  expect(procfile.serve).toMatchObject({ start: { script: "bundle exec puma -p $PORT" } });
  expect(procfile.processes).toMatchObject([{ name: "worker", run: false }]);
});

test.each([
  [{ ".ruby-version": "ruby-3.1.4\n" }, "~3.1.0"],
  [{ ".tool-versions": "nodejs 20.1.0\nruby 3.0.6\n" }, "~3.0.0"],
  [{ "mise.toml": '[tools]\nruby = "3.3"\n' }, "~3.3.0"],
  [{}, ">=2.7"],
])("the Ruby of %j is %s", async (files, range) => {
  expect((await planned({ ...files, "config.ru": "" })).toolchains).toEqual({ ruby: range });
});

test("Laravel: packages, front end, public folder and the key that it needs", async () => {
  const plan = await planned({
    "composer.json": JSON.stringify({ require: { php: "^8.1|^8.2", "laravel/framework": "^11.0" } }),
    "composer.lock": "{}",
    artisan: "",
    "public/index.php": "<?php",
    "package.json": JSON.stringify({ scripts: { build: "vite build" }, devDependencies: { vite: "5" } }),
    "vite.config.js": "",
  });
  expect(plan).toMatchObject({
    kind: "php",
    framework: "laravel",
    toolchains: { php: "^8.1 || ^8.2" },
    commands: {
      install: { argv: expect.arrayContaining(["composer", "--no-dev"]) },
      build: { script: expect.stringContaining("npm run build") },
    },
    serve: { start: { argv: ["php", "-S", "$HOST:$PORT", "-t", "public"] } },
    expects: ["APP_KEY"],
  });
});

test("plain PHP is served from the folder of its index.php", async () => {
  expect(await planned({ "index.php": "<?php echo 1;", "style.css": "" })).toMatchObject({
    kind: "php",
    commands: { install: null },
    serve: { start: { argv: ["php", "-S", "$HOST:$PORT", "-t", "."] } },
  });
});
