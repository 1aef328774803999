// `npm test`: sets up, then every check that CI runs, each to its end even when one before it failed.
//   --all     also the slow suites (*.slow.test.ts)      --checks   without the tests
// The last line is `N passed, N failed`: test cases, and each check as one.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root, setUp, tell } from "./setup.mjs";

const bin = join(root, "node_modules");

/** Each check: a script of a tool, run by Node 24, that ends with 0 when all is well. */
const checks = [
  { name: "format", script: join(bin, "oxfmt", "bin", "oxfmt"), args: ["--check"] },
  { name: "lint", script: join(bin, "oxlint", "bin", "oxlint"), args: [] },
  { name: "types", script: join(bin, "typescript", "bin", "tsc"), args: ["-p", "."] },
  { name: "types of the pages", script: join(bin, "typescript", "bin", "tsc"), args: ["-p", "desktop"] },
  {
    name: "types of the desktop",
    script: join(bin, "typescript", "bin", "tsc"),
    args: ["-p", "desktop/tsconfig.node.json"],
  },
  { name: "dependency rules", script: join(root, "scripts", "source-rules.mjs"), args: [] },
  { name: "dead code", script: join(bin, "knip", "bin", "knip.js"), args: ["--no-config-hints"] },
];

/** Suites of vitest; counted case by case. Journeys deploy real apps and go last. */
const suites = [
  { name: "unit and conformance tests", args: ["--project=unit"] },
  { name: "journeys", args: ["--project=journeys"] },
];

/** Suites of Playwright: pages in a browser, and the desktop app in a real Electron. */
const playwrightSuites = [
  {
    name: "Launchboard in a browser",
    args: [join(bin, "@playwright", "test", "cli.js"), "test", "--config=desktop/playwright.config.ts"],
  },
  { name: "the desktop app", args: [join(root, "scripts", "test-desktop.mjs")], slow: true },
  { name: "the packaged desktop app", args: [join(root, "scripts", "test-desktop.mjs"), "--packaged"], slow: true },
];

const options = new Set(process.argv.slice(2));
const total = { passed: 0, failed: 0 };
const summary = [];

try {
  const node = await setUp(options.has("--checks") ? "check" : options.has("--all") ? "test:all" : "test");
  for (const check of checks) await runCheck(node, check);
  if (!options.has("--checks")) {
    for (const suite of suites) await runSuite(node, suite);
    for (const suite of playwrightSuites)
      if (suite.slow !== true || options.has("--all")) await runPlaywright(node, suite);
  }
} catch (error) {
  tell(error);
  total.failed += 1;
}
console.log(`\n${summary.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runCheck(node, { name, script, args }) {
  const { code, seconds } = await step(name, node, [script, ...args]);
  count(name, seconds, code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}

/** Runs vitest and counts its cases; a run that ends badly without a failed case (a set-up that broke, an error outside of tests) is a failure too. */
async function runSuite(node, { name, args }) {
  const folder = mkdtempSync(join(tmpdir(), "cloudsmith-test-"));
  const report = join(folder, "report.json");
  try {
    const { code, seconds } = await step(
      name,
      node,
      [
        join(bin, "vitest", "vitest.mjs"),
        "run",
        ...args,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ],
      { CLOUDSMITH_SLOW_TESTS: options.has("--all") ? "1" : "0" },
    );
    const cases = readReport(report);
    count(name, seconds, code !== 0 && cases.failed === 0 ? { ...cases, failed: 1 } : cases);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite of Playwright's; counted case by case too. */
async function runPlaywright(node, { name, args }) {
  const folder = mkdtempSync(join(tmpdir(), "cloudsmith-test-"));
  const report = join(folder, "report.json");
  try {
    const { code, seconds } = await step(name, node, [...args, "--reporter=list,json"], {
      CLOUDSMITH_SLOW_TESTS: options.has("--all") ? "1" : "0",
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    });
    const cases = readBrowserReport(report);
    count(name, seconds, code !== 0 && cases.failed === 0 ? { ...cases, failed: 1 } : cases);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A case that was skipped, or passed only when it was tried again, proves nothing and counts as failed. */
function readBrowserReport(file) {
  try {
    const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(file, "utf8")).stats;
    return { passed: expected, failed: unexpected + flaky + skipped };
  } catch (error) {
    console.error(`No report of the tests: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

/** Cases by outcome; a case that was skipped proves nothing and counts as failed. */
function readReport(file) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, "utf8"));
    return { passed: numPassedTests, failed: numFailedTests + numPendingTests };
  } catch (error) {
    console.error(`No report of the tests: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

function count(name, seconds, { passed, failed }) {
  total.passed += passed;
  total.failed += failed;
  summary.push(
    `${failed === 0 ? "ok    " : "FAILED"} ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s  ${passed} passed, ${failed} failed`,
  );
}

/** Runs one program with its output shown as it comes. */
async function step(name, node, args, env = {}) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const code = await new Promise((resolve, reject) => {
    const child = spawn(node, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      // Tools and tests that start `node` get this one.
      env: { ...process.env, ...env, PATH: `${join(bin, ".bin")}${delimiter}${process.env.PATH}` },
    });
    child.on("error", reject);
    child.on("exit", resolve);
  });
  return { code, seconds: (performance.now() - started) / 1000 };
}
