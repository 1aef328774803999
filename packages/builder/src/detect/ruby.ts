import { because, newDraft, toCommand, warn, type Draft } from "../plan/draft.ts";
import { applyProcfile, readProcfile } from "../plan/procfile.ts";
import { joinPath, type SourceTree } from "../plan/source-tree.ts";
import { toolVersion } from "../plan/tool-version.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

/** Where Bundler puts the gems of an app, below its folder. */
export const gemsFolder = ".cloudsmith/gems";

interface RubyPlan {
  readonly context: DetectContext;
  readonly draft: Draft;
  /** Gems that the Gemfile or its lock name. */
  readonly gems: ReadonlySet<string>;
  readonly bundled: boolean;
}

/** Apps of Ruby: Rails, Rack and Sinatra, or a script that serves. */
export function detectRuby(context: DetectContext): Candidate | undefined {
  const { tree, dir } = context;
  const bundled = tree.isFile(joinPath(dir, "Gemfile"));
  if (!bundled && !tree.isFile(joinPath(dir, "config.ru")) && !tree.names(dir).some((name) => name.endsWith(".rb")))
    return undefined;
  const plan: RubyPlan = { context, draft: newDraft("ruby", dir), gems: gemsOf(tree, dir), bundled };
  const sureness = planServe(plan);
  if (sureness === undefined) return undefined;
  planToolchain(plan);
  if (bundled) planInstall(plan);
  const web = readProcfile(tree, dir).get("web");
  applyProcfile(plan.draft, tree, { trustWeb: web !== undefined && !/rails s(erver)?\s*$/.test(web) });
  return { rank: sureness, draft: plan.draft };
}

function gemsOf(tree: SourceTree, dir: string): Set<string> {
  const gemfile = tree.text(joinPath(dir, "Gemfile")) ?? "";
  const lock = tree.text(joinPath(dir, "Gemfile.lock")) ?? "";
  return new Set(
    [...gemfile.matchAll(/^\s*gem\s+["']([\w-]+)["']/gm), ...lock.matchAll(/^ {4}([\w-]+) \(/gm)].map(
      (match) => match[1] ?? "",
    ),
  );
}

function planServe(plan: RubyPlan): number | undefined {
  const { tree, dir } = plan.context;
  if (plan.gems.has("rails") && tree.isFile(joinPath(dir, "config/application.rb"))) return serveRails(plan);
  if (tree.isFile(joinPath(dir, "config.ru"))) return serveRack(plan);
  const scripts = tree.names(dir).filter((name) => name.endsWith(".rb"));
  const text = (name: string): string => tree.text(joinPath(dir, name)) ?? "";
  const sinatra = scripts.find((name) => /^\s*require\s+["']sinatra["']/m.test(text(name)));
  if (sinatra !== undefined) {
    start(plan, ["ruby", sinatra, "-o", "$HOST", "-p", "$PORT"], `${sinatra} is a Sinatra app`);
    plan.draft.plan.framework = "sinatra";
    plan.draft.plan.env.run["APP_ENV"] = "production";
    return rank.server - 5;
  }
  const server = scripts.find((name) =>
    /\b(TCPServer|WEBrick::HTTPServer|Rackup?::(Handler|Server))\b/.test(text(name)),
  );
  if (server !== undefined) start(plan, ["ruby", server], `${server} starts a server`);
  return server !== undefined || readProcfile(tree, dir).has("web") ? rank.entry : undefined;
}

function start({ draft, bundled }: RubyPlan, argv: readonly [string, ...string[]], why: string): void {
  draft.plan.serve = { type: "process", start: { argv: [...(bundled ? ["bundle", "exec"] : []), ...argv] } };
  because(draft, "serve", why);
}

function serveRack(plan: RubyPlan): number {
  const framework = ["sinatra", "hanami", "roda", "grape"].find((name) => plan.gems.has(name));
  plan.draft.plan.framework = framework ?? "rack";
  Object.assign(plan.draft.plan.env.run, { RACK_ENV: "production", APP_ENV: "production" });
  const server = ["puma", "falcon", "thin", "unicorn", "webrick"].find((name) => plan.gems.has(name));
  if (server === "puma") start(plan, ["puma", "-b", "tcp://$HOST:$PORT"], "config.ru is served by Puma");
  else start(plan, ["rackup", "-o", "$HOST", "-p", "$PORT", "-E", "production"], "config.ru is a Rack app");
  if (server === undefined)
    warn(
      plan.draft,
      "server-missing",
      "The Gemfile names no server for the Rack app",
      'Add `gem "puma"` to the Gemfile',
    );
  return rank.server - 5;
}

function serveRails(plan: RubyPlan): number {
  const { draft, gems } = plan;
  const { tree, dir } = plan.context;
  draft.plan.framework = "rails";
  because(draft, "framework", "config/application.rb and the Gemfile are Rails'");
  start(
    plan,
    ["rails", "server", "-b", "$HOST", "-p", "$PORT", "-e", "production"],
    "Rails is served by its own server command",
  );
  Object.assign(draft.plan.env.run, {
    RAILS_ENV: "production",
    RACK_ENV: "production",
    RAILS_LOG_TO_STDOUT: "1",
    RAILS_SERVE_STATIC_FILES: "1",
  });
  Object.assign(draft.plan.env.build, {
    RAILS_ENV: "production",
    SECRET_KEY_BASE_DUMMY: "1",
    SECRET_KEY_BASE: "only-for-the-build",
  });
  if (["sprockets", "sprockets-rails", "propshaft", "sassc-rails"].some((gem) => gems.has(gem))) {
    draft.plan.commands.build = { argv: ["bundle", "exec", "rails", "assets:precompile"] };
    because(draft, "commands.build", "the assets of Rails are compiled");
  }
  draft.plan.caches.push("tmp/cache");
  draft.plan.health = { ...draft.plan.health, startSeconds: 120 };
  draft.plan.expects.push(
    tree.isFile(joinPath(dir, "config/credentials.yml.enc")) ? "RAILS_MASTER_KEY" : "SECRET_KEY_BASE",
  );
  planMigrations(draft, /adapter:\s*sqlite3/.test(tree.text(joinPath(dir, "config/database.yml")) ?? ""));
  return rank.explicit - 10;
}

function planMigrations(draft: Draft, isFile: boolean): void {
  if (isFile) {
    draft.plan.commands.release = { argv: ["bundle", "exec", "rails", "db:prepare"] };
    because(draft, "commands.release", "the database is a file: it is prepared before the switch");
    warn(
      draft,
      "database-in-the-app",
      "The SQLite database stands in the app's folder and starts empty with each deployment",
      "Put it below a folder that is set as `persist`, or use a database server",
    );
    return;
  }
  warn(
    draft,
    "migrations-not-run",
    "Migrations are not run by themselves",
    'Set release to "bundle exec rails db:prepare" to run them before each switch',
  );
}

function planToolchain({ context, draft }: RubyPlan): void {
  const { tree, dir, settings } = context;
  const asked = settings.get("toolchains")?.value["ruby"];
  const gemfile = /^\s*ruby\s+["']~?>?\s*(\d+\.\d+(?:\.\d+)?)/m.exec(tree.text(joinPath(dir, "Gemfile")) ?? "")?.[1];
  const found = toolVersion(tree, dir, {
    name: "ruby",
    files: [".ruby-version"],
    fallback: gemfile,
    source: "the Gemfile",
  });
  draft.plan.toolchains["ruby"] = asked ?? found?.range ?? ">=2.7";
  because(
    draft,
    "toolchains.ruby",
    asked === undefined ? (found?.because ?? "nothing says which Ruby") : "it was asked for",
  );
}

function planInstall({ context, draft }: RubyPlan): void {
  const { tree, dir } = context;
  const locked = tree.isFile(joinPath(dir, "Gemfile.lock"));
  draft.plan.packageManager = { name: "bundler", version: null, lockfile: locked ? "Gemfile.lock" : null };
  because(draft, "packageManager", "there is a Gemfile");
  draft.plan.commands.install = toCommand("bundle install");
  because(draft, "commands.install", locked ? "Gemfile.lock says which gems" : "the Gemfile lists the gems");
  const bundler = { BUNDLE_PATH: gemsFolder, BUNDLE_WITHOUT: "development:test", BUNDLE_FROZEN: String(locked) };
  Object.assign(draft.plan.env.build, bundler);
  Object.assign(draft.plan.env.run, { ...bundler, BUNDLE_FROZEN: "true" });
  if (!locked)
    warn(
      draft,
      "no-lockfile",
      "There is no Gemfile.lock: each build may get other gems",
      "Run `bundle lock` and commit it",
    );
}
