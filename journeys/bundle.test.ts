import { tempDir } from "@cloudsmith/testkit";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { addressOf } from "./deployment-result.ts";
import { createInstallation, runCommand } from "./installation.ts";
import { processesOf } from "./reaper.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

it("what would be published installs into an empty folder, deploys, and leaves nothing behind", async () => {
  await using place = await tempDir("cloudsmith-bundle-");
  await using temporary = await tempDir("cloudsmith-bundle-temp-");
  const npm = (args: string[]) => runCommand(["npm", ...args], { cwd: place.path, env: process.env });
  const bundled = await runCommand([process.execPath, join(root, "scripts", "bundle.mjs")], {
    cwd: root,
    env: process.env,
  });
  expect(bundled.code, bundled.stderr).toBe(0);
  const installed = await npm(["install", "--no-save", "--prefix", place.path, bundled.stdout.trim()]);
  expect(installed.code, installed.stderr).toBe(0);

  const command = [join(place.path, "node_modules", ".bin", "cloudsmith")];
  await using installation = await createInstallation({ command });
  const env = { TMPDIR: temporary.path };
  const site = await installation.copyOf("static-site");
  const { code, items } = await installation.stream(["deploy", site], { env });
  expect(code, JSON.stringify(items.at(-1))).toBe(0);
  const page = await fetch(`${addressOf(items)}/about`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("about.html");

  const removed = await installation.run(["uninstall", "--yes"], { env });
  expect(removed.code, removed.stderr).toBe(0);
  expect(await filesBelow(installation.folder.file("home"))).toEqual([]);
  expect(await filesBelow(temporary.path)).toEqual([]);
  expect(processesOf(installation.folder.path)).toEqual([]);
});

/** Files below a folder; folders alone do not count. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
