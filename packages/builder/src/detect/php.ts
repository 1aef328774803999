import { validRange } from "semver";
import * as z from "zod";
import { phpFrameworks } from "../php-frameworks.ts";
import { because, newDraft, warn, type Draft } from "../plan/draft.ts";
import { applyProcfile } from "../plan/procfile.ts";
import { joinPath, packageJson } from "../plan/source-tree.ts";
import { toolVersion } from "../plan/tool-version.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

const Composer = z.looseObject({
  require: z.record(z.string(), z.string()).optional().catch(undefined),
  config: z
    .looseObject({ platform: z.looseObject({ php: z.string().optional() }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
type Composer = z.infer<typeof Composer>;

const roots = ["public", "web", "htdocs", "www", ""];

/** Apps of PHP: Laravel and others with a front controller, or plain pages, served by PHP's own server with several workers. */
export function detectPhp(context: DetectContext): Candidate | undefined {
  const { tree, dir } = context;
  const composer = Composer.safeParse(tree.json(joinPath(dir, "composer.json"))).data;
  const framework = phpFrameworks.find((row) => composer?.require?.[row.package] !== undefined);
  const root = [...(framework === undefined ? [] : [framework.root]), ...roots].find((name) =>
    tree.isFile(joinPath(dir, name, "index.php")),
  );
  if (root === undefined) return undefined;
  const draft = newDraft("php", dir);
  draft.plan.framework = framework?.name ?? null;
  draft.plan.toolchains["php"] = phpRange(context, composer, draft);
  draft.plan.serve = { type: "process", start: { argv: ["php", "-S", "$HOST:$PORT", "-t", root === "" ? "." : root] } };
  because(draft, "serve", `${joinPath(root, "index.php")} is there: PHP's own server runs it`);
  // PHP's server answers one request at a time unless it is told to fork.
  draft.plan.env.run["PHP_CLI_SERVER_WORKERS"] = "4";
  if (composer !== undefined) planInstall(draft, context);
  if (framework?.name === "laravel") planLaravel(draft, context);
  applyProcfile(draft, tree, { trustWeb: false });
  return { rank: framework === undefined ? rank.entry + (composer === undefined ? 0 : 5) : rank.server + 5, draft };
}

function phpRange({ tree, dir, settings }: DetectContext, composer: Composer | undefined, draft: Draft): string {
  const asked = settings.get("toolchains")?.value["php"];
  const found = toolVersion(tree, dir, { name: "php", files: [".php-version"], fallback: undefined, source: "" });
  const platform = composer?.config?.platform?.php;
  const wish = platform ?? composer?.require?.["php"];
  const range = wish?.replace(/\s*\|\|?\s*/g, " || ");
  because(
    draft,
    "toolchains.php",
    asked === undefined ? (found?.because ?? "composer.json, else any") : "it was asked for",
  );
  return asked ?? found?.range ?? (range !== undefined && validRange(range) !== null ? range : "*");
}

function planInstall(draft: Draft, { tree, dir }: DetectContext): void {
  const locked = tree.isFile(joinPath(dir, "composer.lock"));
  draft.plan.packageManager = { name: "composer", version: null, lockfile: locked ? "composer.lock" : null };
  because(draft, "packageManager", "there is a composer.json");
  draft.plan.commands.install = {
    argv: ["composer", "install", "--no-dev", "--no-interaction", "--no-progress", "--optimize-autoloader"],
  };
  because(draft, "commands.install", locked ? "composer.lock says which packages" : "composer.json lists the packages");
  draft.plan.env.build["COMPOSER_ALLOW_SUPERUSER"] = "1";
  if (!locked)
    warn(
      draft,
      "no-lockfile",
      "There is no composer.lock: each build may get other packages",
      "Run `composer update` and commit it",
    );
}

function planLaravel(draft: Draft, { tree, dir }: DetectContext): void {
  because(draft, "framework", "composer.json asks for laravel/framework");
  Object.assign(draft.plan.env.run, { APP_ENV: "production", APP_DEBUG: "false", LOG_CHANNEL: "stderr" });
  draft.plan.expects.push("APP_KEY");
  if (packageJson(tree, dir)?.scripts["build"] !== undefined) {
    draft.plan.toolchains["node"] = process.versions.node;
    draft.plan.commands.build = { script: "npm install --no-audit --no-fund && npm run build" };
    because(draft, "commands.build", "package.json builds the front end");
  }
  warn(
    draft,
    "migrations-not-run",
    "Migrations are not run by themselves",
    'Set release to "php artisan migrate --force" to run them before each switch',
  );
}
