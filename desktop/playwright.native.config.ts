import { defineConfig } from "@playwright/test";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Agents that tests start find their modules compiled.
process.env["NODE_COMPILE_CACHE"] ??= join(tmpdir(), "cloudsmith-e2e-modules");

/** The desktop app: a real Electron with real windows, around a real agent from the sources. `scripts/test-desktop.mjs` makes its session. */
export default defineConfig({
  testDir: "e2e/native",
  testMatch: "*.native.ts",
  outputDir: "dist/e2e-native",
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  // Installing and updating are for an app that is packaged.
  grepInvert: process.env["CLOUDSMITH_SHIPPED_APP"] === undefined ? /@packaged/ : [],
});
