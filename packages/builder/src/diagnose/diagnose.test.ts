import { causeCodes, errorCodes, type BuildPlan, type PlanSettings } from "@cloudsmith/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newDraft } from "../plan/draft.ts";
import { causeTexts } from "./cause-texts.ts";
import { causes } from "./causes.ts";
import { diagnose, type DiagnoseInput } from "./diagnose.ts";

const plan: BuildPlan = {
  ...newDraft("node", "").plan,
  serve: { type: "process", start: { argv: ["node", "server.js"] } },
};
const build = (...log: string[]): DiagnoseInput => ({ stage: "building", plan, log, exit: { code: 1, signal: null } });
const run = (...log: string[]): DiagnoseInput => ({ stage: "verifying", plan, log, exit: { code: 1, signal: null } });

/** Real last words of tools: what they mean, and what has to be named. */
const cases: readonly (readonly [code: string, named: string, input: DiagnoseInput])[] = [
  [
    "script-missing",
    "build",
    build('npm error Missing script: "build"', "npm error", "npm error To see a list of scripts, run:"),
  ],
  ["script-missing", "start", build('npm ERR! Missing script: "start"')],
  ["script-missing", "bild", build('error Command "bild" not found.')],
  [
    "lockfile-out-of-step",
    "lockfile",
    build(
      "npm error code EUSAGE",
      "npm error",
      "npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.",
    ),
  ],
  [
    "lockfile-out-of-step",
    "lockfile",
    build(
      ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date',
    ),
  ],
  [
    "lockfile-out-of-step",
    "lockfile",
    build("error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`."),
  ],
  [
    "peer-conflict",
    "versions",
    build(
      "npm error code ERESOLVE",
      "npm error ERESOLVE unable to resolve dependency tree",
      "npm error Found: react@19.0.0",
    ),
  ],
  [
    "engine-refused",
    "18.0.0",
    build(
      'error foo@1.0.0: The engine "node" is incompatible with this module. Expected version ">=18.0.0". Got "16.1.0"',
    ),
  ],
  [
    "engine-refused",
    "hashes",
    build(
      "Error: error:0308010C:digital envelope routines::unsupported",
      "    at new Hash (node:internal/crypto/hash:71:19)",
    ),
  ],
  ["package-private", "private", build("npm error code E401", "npm error Incorrect or missing password.")],
  [
    "package-private",
    "private",
    build("npm error code E403", "npm error 403 403 Forbidden - GET https://npm.example/@acme%2fui"),
  ],
  [
    "package-not-found",
    "no-such-thing",
    build("npm error code E404", "npm error 404 Not Found - GET https://registry.example/no-such-thing - Not found"),
  ],
  [
    "package-not-found",
    "left-pad@99",
    build("npm error code ETARGET", "npm error notarget No matching version found for left-pad@99."),
  ],
  [
    "package-not-found",
    "nosuchpkg==9",
    build("ERROR: Could not find a version that satisfies the requirement nosuchpkg==9 (from versions: none)"),
  ],
  ["native-build-failed", "compiled", build("npm error gyp ERR! find Python", "npm error gyp ERR! not ok")],
  [
    "native-build-failed",
    "Python.h",
    build(
      "    foo.c:1:10: fatal error: Python.h: No such file or directory",
      "    error: command '/usr/bin/gcc' failed with exit code 1",
    ),
  ],
  [
    "optional-dependency-missing",
    "@rollup/rollup-linux-x64-gnu",
    build("Error: Cannot find module @rollup/rollup-linux-x64-gnu. npm has a bug related to optional dependencies"),
  ],
  ["optional-dependency-missing", "sharp", run('Error: Could not load the "sharp" module using the linux-x64 runtime')],
  [
    "generated-client-missing",
    "tool",
    build('Error: @prisma/client did not initialize yet. Please run "prisma generate"'),
  ],
  [
    "generated-client-missing",
    "PrismaClient",
    build("src/db.ts:1:10 - error TS2305: Module '\"@prisma/client\"' has no exported member 'PrismaClient'."),
  ],
  [
    "module-not-found",
    "./Header",
    build("./src/App.js", "Module not found: Error: Can't resolve './Header' in '/app/src'"),
  ],
  ["module-not-found", "lodash", build('[vite]: Rollup failed to resolve import "lodash" from "/app/src/main.ts".')],
  [
    "module-not-found",
    "axios",
    build("src/a.ts(1,19): error TS2307: Cannot find module 'axios' or its corresponding type declarations."),
  ],
  [
    "case-mismatch",
    "header.ts",
    build(
      "error TS1149: File name '/app/src/header.ts' differs from already included file name '/app/src/Header.ts' only in casing.",
    ),
  ],
  [
    "type-error",
    "src/index.ts",
    build("src/index.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'."),
  ],
  [
    "type-error",
    "Type 'string'",
    build(
      "Failed to compile.",
      "",
      "./app/page.tsx:3:9",
      "Type error: Type 'string' is not assignable to type 'number'.",
    ),
  ],
  [
    "lint-error",
    "linter",
    build(
      "./pages/index.js",
      "3:10  Error: 'x' is assigned a value but never used.  @typescript-eslint/no-unused-vars",
    ),
  ],
  ["lint-error", "CI", build("Treating warnings as errors because process.env.CI = true.", "Failed to compile.")],
  ["syntax-error", "Unexpected token", build("/app/build.js:3", "SyntaxError: Unexpected token '}'")],
  ["syntax-error", "main.go:7:2", build("# example.com/app", "./main.go:7:2: undefined: fmt.Printl")],
  ["variable-missing-at-build", "DATABASE_URL", build("Error: Missing required environment variable: DATABASE_URL")],
  ["variable-missing-at-build", "NEXT_PUBLIC_API", build("Error: NEXT_PUBLIC_API is not defined")],
  [
    "out-of-memory",
    "memory",
    build(
      "<--- Last few GCs --->",
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    ),
  ],
  ["disk-full", "disk", build("npm error code ENOSPC", "npm error nospc ENOSPC: no space left on device, write")],
  [
    "native-build-failed",
    "markupsafe",
    build(
      "Collecting six==1.12.0",
      "  Downloading six-1.12.0.tar.gz (33 kB)",
      "  Preparing metadata (setup.py): started",
      "  Preparing metadata (setup.py): finished with status 'done'",
      "Collecting markupsafe==1.0",
      "  Downloading MarkupSafe-1.0.tar.gz (14 kB)",
      "  Preparing metadata (setup.py): started",
      "  Preparing metadata (setup.py): finished with status 'error'",
      "  error: subprocess-exited-with-error",
      "      ImportError: cannot import name 'Feature' from 'setuptools'",
    ),
  ],
  [
    "config-invalid",
    "golang:alpine",
    build(
      'Error: creating build container: short-name "golang:alpine" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
    ),
  ],
  [
    "host-unresolvable",
    "repo.example.org",
    build("  : php_network_getaddresses: getaddrinfo for repo.example.org failed: Name  ", "   or service not known"),
  ],
  ["engine-refused", ">= 3.2, < 4.0", build("Your Ruby version is 3.1.2, but your Gemfile specified >= 3.2, < 4.0")],
  ["host-unresolvable", "db.internal", build("Error: getaddrinfo ENOTFOUND db.internal")],
  ["network-unreachable", "network", build("npm error code ECONNRESET", "npm error network aborted")],
  ["network-unreachable", "Inter", build("Failed to fetch `Inter` from Google Fonts.")],
  ["toolchain-missing", "tsc", build("sh: 1: tsc: not found")],
  ["permission-denied", "./build.sh", build("sh: 1: ./build.sh: Permission denied")],
  [
    "build-killed",
    "killed",
    { ...build("Creating an optimized production build ..."), exit: { code: null, signal: "SIGKILL" } },
  ],
  ["build-failed", "exit code 1", build("doing things", "something odd happened")],
  ["port-taken", "3000", run("Error: listen EADDRINUSE: address already in use :::3000")],
  ["esm-commonjs-clash", "CommonJS", run("SyntaxError: Cannot use import statement outside a module")],
  [
    "esm-commonjs-clash",
    "CommonJS",
    run("ReferenceError: require is not defined in ES module scope, you can use import instead"),
  ],
  ["module-missing-in-production", "morgan", run("Error: Cannot find module 'morgan'", "Require stack:")],
  ["module-missing-in-production", "flask", run("ModuleNotFoundError: No module named 'flask'")],
  ["start-command-not-found", "/app/dist/index.js", run("Error: Cannot find module '/app/dist/index.js'")],
  [
    "start-command-not-found",
    "gunicorn",
    { ...run("/bin/sh: 1: gunicorn: not found"), exit: { code: 127, signal: null } },
  ],
  [
    "variable-missing-at-run",
    "SECRET_KEY",
    run('  File "<frozen os>", line 679, in __getitem__', "KeyError: 'SECRET_KEY'"),
  ],
  [
    "database-refused",
    "No hostname",
    run(
      "/app/node_modules/mongodb/lib/core/uri_parser.js:680",
      "    return callback(new MongoParseError('No hostname or hostnames provided in connection string'));",
      "                    ^",
      "",
      "MongoParseError: No hostname or hostnames provided in connection string",
      "    at connect (/app/node_modules/mongodb/lib/operations/connect.js:282:3)",
      "",
      "Node.js v24.1.0",
    ),
  ],
  [
    "variable-missing-at-run",
    "MYSQL_USER",
    run("Error: env must have required property 'MYSQL_USER', env must have required property 'MYSQL_PASSWORD'"),
  ],
  ["variable-missing-at-run", "DATABASE_URL", run("Exception: DATABASE_URL environment variable not defined")],
  ["variable-missing-at-run", "STRIPE_API_KEY", run("Error: STRIPE_API_KEY is required")],
  ["database-refused", "5432", run("Error: connect ECONNREFUSED 127.0.0.1:5432")],
  ["database-refused", "database", run("MongooseServerSelectionError: connect ECONNREFUSED ::1:27017")],
  ["cache-refused", "6379", run("[ioredis] Unhandled error event: Error: connect ECONNREFUSED 127.0.0.1:6379")],
  ["migrations-not-run", "users", run('error: relation "users" does not exist')],
  [
    "host-not-allowed",
    "shop.localhost",
    run("django.core.exceptions.DisallowedHost: Invalid HTTP_HOST header: 'shop.localhost'. You may need to add it"),
  ],
  [
    "shared-library-missing",
    "libvips.so.42",
    run("error while loading shared libraries: libvips.so.42: cannot open shared object file"),
  ],
  ["app-object-not-found", "app", run("Failed to find attribute 'app' in 'main'.")],
  ["main-not-found", "app.jar", run("no main manifest attribute, in app.jar")],
  ["exits-at-start", "exit code 1", run("starting", "Oh no, an unknown error")],
  ["exits-silently", "without a word", run()],
  ["exits-silently", "without a word", run("The app ended: exit code 1")],
  ["exits-at-start", "good order", { ...run("done"), exit: { code: 0, signal: null } }],
  ["crashed", "killed", { ...run("working"), exit: { code: null, signal: "SIGKILL" } }],
  [
    "port-not-bound",
    "any port",
    { stage: "verifying", plan, log: ["starting"], facts: { timedOut: true, listening: [] } },
  ],
  [
    "health-timeout",
    "127.0.0.1:4000",
    { stage: "verifying", plan, log: [], facts: { timedOut: true, listening: [{ host: "127.0.0.1", port: 4000 }] } },
  ],
  ["health-server-error", "500", { stage: "verifying", plan, log: [], facts: { httpStatus: 500 } }],
  ["health-client-error", "404", { stage: "verifying", plan, log: [], facts: { httpStatus: 404 } }],
  [
    "database-refused",
    "5432",
    { stage: "verifying", plan, log: ["Error: connect ECONNREFUSED 10.0.0.1:5432"], facts: { httpStatus: 500 } },
  ],
  [
    "release-command-failed",
    "release command",
    { stage: "releasing", plan, log: ["could not migrate"], exit: { code: 2, signal: null } },
  ],
];

test.each(cases)("%s (%s)", (code, named, input) => {
  const failure = diagnose(input);
  expect(failure.code).toBe(code);
  expect(`${failure.message} ${failure.cause ?? ""} ${failure.fix ?? ""}`).toContain(named);
  expect(failure.fix).toBeDefined();
});

describe("the log", () => {
  test("opens at the first line that matters, also where it is coloured", () => {
    const failure = diagnose(
      build("one", "npm warn deprecated x", "\u001b[31mError: Cannot find module 'left'\u001b[39m", "npm error code 1"),
    );
    expect(failure).toMatchObject({ logLine: 2, cause: "Error: Cannot find module 'left'" });
  });
  test("an unknown failure shows the line that tells most and invents nothing", () => {
    const failure = diagnose(build("compiling", "Error: the flux capacitor is empty", "npm error code 1"));
    expect(failure).toMatchObject({ code: "build-failed", logLine: 1 });
    expect(failure.message).toMatch(/none that CloudSmith knows/);
  });
  test("warnings that look like errors are passed over", () => {
    expect(diagnose(build("npm warn ERESOLVE overriding peer dependency", "sh: 1: next: not found")).code).toBe(
      "toolchain-missing",
    );
  });
});

test("a fix that CloudSmith can make is given as settings", () => {
  const suggestion = (input: DiagnoseInput): PlanSettings | undefined => diagnose(input).suggestion;
  expect(suggestion(build("Error: error:0308010C:digital envelope routines::unsupported"))).toEqual({
    env: { NODE_OPTIONS: "--openssl-legacy-provider" },
  });
  expect(suggestion({ stage: "verifying", plan, log: [], facts: { timedOut: true, listening: [] } })).toEqual({
    health: { startSeconds: 180 },
  });
});

test("each row names a code of the union and has a message and a fix", () => {
  const known = new Set<string>([...causeCodes, ...errorCodes]);
  for (const row of causes)
    expect([known.has(row.code), row.message.length > 10, causeTexts[row.code].fix.length > 10]).toEqual([
      true,
      true,
      true,
    ]);
});

test("any log is diagnosed, quickly", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 300 }), { maxLength: 30 }), (log) => {
      const failure = diagnose(build(...log));
      expect(failure.excerpt?.length ?? 0).toBeLessThanOrEqual(20);
    }),
  );
  // Lines made to make a pattern slow.
  for (const line of [
    "a".repeat(4000),
    "error ".repeat(600),
    "A_".repeat(1900),
    `${" ".repeat(2000)}x`,
    "./".repeat(1900),
  ])
    diagnose(build(...Array.from({ length: 20 }, () => line)));
});

test("a silent end with an error offers what the repository's example names", () => {
  const quiet = { ...run(""), plan: { ...plan, expects: ["MYSQL_USER"] } };
  expect(diagnose(quiet)).toMatchObject({ code: "exits-silently", fix: expect.stringContaining("MYSQL_USER") });
});
