import { expect, test } from "@playwright/test";
import { execFile } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { chooseStart } from "../../../scripts/start-choice.mjs";
import { Desktop } from "./desktop.ts";

const script = join(import.meta.dirname, "..", "..", "..", "scripts", "start.mjs");
const desktopFolder = join(import.meta.dirname, "..", "..");
const run = (args: readonly string[], env: Record<string, string>): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [script, ...args], { env });

const somebody = { platform: "linux", environment: { DISPLAY: ":0" }, electron: "/electron", isRoot: false, args: [] };
for (const [what, given, expected] of [
  ["with a display and an Electron", {}, { electron: "/electron" }],
  ["under Wayland", { environment: { WAYLAND_DISPLAY: "wayland-0" } }, { electron: "/electron" }],
  ["on macOS, which always has a display", { platform: "darwin", environment: {} }, { electron: "/electron" }],
  ["without a display", { environment: {} }, { because: expect.stringContaining("no display") }],
  ["without an Electron", { electron: undefined }, { because: expect.stringContaining("install-electron") }],
  ["as root", { isRoot: true }, { because: expect.stringContaining("root") }],
  ["as root who does without the sandbox", { isRoot: true, args: ["--no-sandbox"] }, { electron: "/electron" }],
] as const)
  test(`npm start, ${what}`, () => {
    expect(chooseStart({ ...somebody, ...given })).toEqual(expected);
  });

test("npm start without a display says so, and prints the link for a browser", async () => {
  await using desktop = new Desktop();
  const { DISPLAY: _, ...environment } = desktop.environment();
  const { stdout, stderr } = await run([], environment);
  expect(stderr).toContain("CloudSmith opens in the browser: there is no display here");
  expect(stdout + stderr).toMatch(/http:\/\/cloudsmith\.localhost:\d+\/\S+/);
});

test("npm start with a display and an Electron says so, and opens the app", async () => {
  await using desktop = new Desktop();
  const { program, args } = desktop.secondStart();
  // What starts stands where Electron's own package has its program; the app is the build for the Electron of the tests.
  const stand = join(desktop.folder("electron"), "electron");
  const quoted = [program, ...args].map((part) => `'${part}'`).join(" ");
  writeFileSync(
    stand,
    `#!/bin/sh\necho "$@" > '${join(desktop.root, "asked")}'\nexec ${quoted} --password-store=basic\n`,
  );
  chmodSync(stand, 0o755);
  const environment = desktop.environment({ ELECTRON_OVERRIDE_DIST_PATH: desktop.folder("electron") });
  const { stderr } = await run(["--no-sandbox"], environment);
  expect(stderr).toContain("CloudSmith opens in a window of its own");
  await desktop.agent();
  expect(desktop.readFile("asked").trim()).toBe(`--no-sandbox ${desktopFolder}`);
});
