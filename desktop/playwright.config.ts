import { defineConfig } from "@playwright/test";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where systems put the browser that is used; without one Playwright looks for its own. */
const browsers = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const executablePath = browsers.find((path) => existsSync(path));

// Agents that tests start find their modules compiled.
process.env["NODE_COMPILE_CACHE"] ??= join(tmpdir(), "cloudsmith-e2e-modules");

/** Launchboard in a real browser, against a real agent from the sources. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "dist/e2e",
  // Each test starts an agent, a keeper and apps, which use what cores there are.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  grepInvert: process.env["CLOUDSMITH_SLOW_TESTS"] === "1" ? [] : /@slow/,
  use: {
    viewport: { width: 1280, height: 800 },
    // Pictures and page copies of each step cost more time than the steps; what the page showed at a failure is in its error-context.md.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    launchOptions: {
      ...(executablePath !== undefined && { executablePath }),
      // Debian turns on drawing by the graphics card, which is emulated where there is none.
      args: ["--disable-gpu", "--disable-gpu-rasterization"],
    },
  },
});
