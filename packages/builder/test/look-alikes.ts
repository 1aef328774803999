import { newDraft } from "../src/plan/draft.ts";
import type { DiagnoseInput } from "../src/diagnose/diagnose.ts";

export const plan = {
  ...newDraft("node", "").plan,
  packageManager: { name: "npm", version: null, lockfile: "package-lock.json" },
};
export const exit = { code: 1, signal: null };
const build = (...log: string[]): DiagnoseInput => ({ stage: "building", plan, log, exit });
export const run = (...log: string[]): DiagnoseInput => ({ stage: "verifying", plan, log, exit });
export const nodeCrash = (error: string): string[] => [
  "/app/server.js:3",
  `throw ${error}`,
  "^",
  "",
  error,
  "    at run (/app/server.js:3:7)",
  "",
  "Node.js v24.1.0",
];

/** Logs with the words of a known cause that fail for another reason; the code is what may be said. */
export const lookAlikes: readonly (readonly [told: string, code: string, input: DiagnoseInput])[] = [
  [
    "a cache that the app can do without, then a crash of another kind",
    "exits-at-start",
    run("Redis: connect ECONNREFUSED 127.0.0.1:6379, continuing without cache", ...nodeCrash("Error: boom")),
  ],
  [
    "a handled connection error long before the crash",
    "exits-at-start",
    run(
      "Error: connect ECONNREFUSED 127.0.0.1:5432",
      "connected to the database",
      "listening",
      ...nodeCrash("RangeError: boom"),
    ),
  ],
  [
    "a database that came at the second attempt, then a missing variable",
    "variable-missing-at-run",
    run("Error: connect ECONNREFUSED 127.0.0.1:5432 (retrying in 1 s)", "connected", "JWT_SECRET is required"),
  ],
  [
    "a key of a dictionary in capitals",
    "exits-at-start",
    run(
      "Traceback (most recent call last):",
      '  File "/app/app.py", line 2, in <module>',
      "    print(user['USER_ID'])",
      "KeyError: 'USER_ID'",
    ),
  ],
  [
    "the app's own advice about missing modules",
    "exits-at-start",
    run("Tip: if you see \"Cannot find module 'pg'\", install the driver", ...nodeCrash("Error: boom")),
  ],
  [
    "a log line at the level info that quotes an error",
    "exits-at-start",
    run('{"level":30,"msg":"last error was: connect ECONNREFUSED 127.0.0.1:5432"}', ...nodeCrash("Error: boom")),
  ],
  [
    "a warning of npm about peers",
    "build-failed",
    build("npm warn ERESOLVE overriding peer dependency", "gulp: task failed"),
  ],
  [
    "a warning of npm about engines",
    "build-failed",
    build("npm warn EBADENGINE Unsupported engine { required: { node: '>=22' } }", "gulp: task failed"),
  ],
  [
    "tests that fail because of a module",
    "tests-failed",
    build(
      "● Test suite failed to run",
      "    Cannot find module './helper' from 'src/app.test.js'",
      "Tests:       1 failed, 3 passed, 4 total",
    ),
  ],
  [
    "tests that passed and speak of errors, then the bundler",
    "syntax-error",
    build(
      "✓ says Cannot find module 'x' to the person",
      "ok 2 - fails with ENOSPC: no space left on device",
      "# fail 0",
      '✘ [ERROR] Expected "}" but found ";"',
    ),
  ],
  [
    "file watchers, not the disk",
    "build-failed",
    build("Error: ENOSPC: System limit for number of file watchers reached, watch '/app'"),
  ],
  [
    "a name of the code that is not defined",
    "exits-at-start",
    run(...nodeCrash("ReferenceError: API_URL is not defined")),
  ],
  [
    "an earlier script's warning that looks like an error",
    "type-error",
    build(
      "> app@1.0.0 lint",
      "> eslint . || true",
      "/app/a.js",
      "  1:1  error  'x' is not defined  no-undef",
      "✖ 1 problem (1 error, 0 warnings)",
      "> app@1.0.0 types",
      "> tsc",
      "src/a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.",
    ),
  ],
  [
    "a variable that has a value",
    "exits-at-start",
    { ...run("Error: STRIPE_KEY is required"), facts: { variables: ["STRIPE_KEY"] } },
  ],
  [
    "a package that lacks an export although a lockfile pins it",
    "exits-at-start",
    run(...nodeCrash("SyntaxError: The requested module 'nanoid' does not provide an export named 'generate'")),
  ],
  [
    "a port that was taken and another that was used",
    "exits-at-start",
    run("Port 3000 is in use, trying another one instead.", ...nodeCrash("Error: boom")),
  ],
  ["a kill without a fact about memory", "crashed", { ...run("working"), exit: { code: null, signal: "SIGKILL" } }],
  [
    "a merge that yarn resolved",
    "build-failed",
    build("info Merge conflict detected in yarn.lock and successfully merged.", "gulp: task failed"),
  ],
  ["an error in words that no row knows", "build-failed", build("Error: the printer is on fire", "npm error code 1")],
  [
    "a 404 of the app's own requests in a build",
    "build-failed",
    build("GET https://api.example.com/posts 404 (Not Found)", "Error: no posts"),
  ],
  [
    "a table that is missing is told from a handled one",
    "exits-at-start",
    run("no such table: settings, using default settings", ...nodeCrash("Error: boom")),
  ],
  [
    "a Vite plugin's name with the word error",
    "build-failed",
    build(
      "vite v7.1.12 building for production...",
      "transforming src/pages/error-not-found.ts",
      "✗ Build failed in 10ms",
      "[plugin x] boom",
    ),
  ],
];
