import { defineConfig } from "vitest/config";

const slow = process.env.CLOUDSMITH_SLOW_TESTS === "1";
const exclude = ["**/node_modules/**", "**/dist/**", "**/fixtures/**", ...(slow ? [] : ["**/*.slow.test.ts"])];

export default defineConfig({
  test: {
    pool: "forks",
    // Colour codes and switches of the caller's terminal must not decide what a test sees.
    env: { NO_COLOR: "1" },
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "{packages,services}/*/src/**/*.test.ts",
            "bench/*.test.ts",
            "agent/src/**/*.test.ts",
            "desktop/src/**/*.test.{ts,tsx}",
          ],
          exclude,
          globalSetup: ["packages/testkit/src/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "journeys",
          include: ["journeys/**/*.test.ts"],
          exclude,
          // They install, build and start real apps; one at a time, since each may use all cores.
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
