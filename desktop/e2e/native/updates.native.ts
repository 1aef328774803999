import { expect, test } from "@playwright/test";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { GatedApp } from "../../../journeys/support/gated-app.ts";
import { deploy, settled } from "./apps.ts";
import { Desktop } from "./desktop.ts";

// Only a packaged app looks for updates; that one is an AppImage, whose file is replaced.
test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
const version = "9.9.9";
const started = join(desktop.root, "started");
/** What the update is: it tells that it was started. */
const newer = `#!/bin/sh\necho ${version} > '${started}'\n`;
const digest = createHash("sha512").update(newer).digest("base64");
/** The list that a publisher makes. */
const published = { digest, staging: 100 };
const feed = createServer((request, response) => {
  if (request.url?.startsWith("/latest-linux.yml") === true)
    response.end(
      `version: ${version}\nfiles:\n  - url: CloudSmith.AppImage\n    sha512: ${published.digest}\n    size: ${newer.length}\nstagingPercentage: ${published.staging}\nreleaseDate: "2026-03-01T10:00:00.000Z"\n`,
    );
  else if (request.url?.startsWith("/CloudSmith.AppImage?") === true || request.url === "/CloudSmith.AppImage")
    response.end(newer);
  else response.writeHead(404).end();
});
const installed = join(desktop.root, "CloudSmith.AppImage");

const status = async (look = false): Promise<unknown> =>
  (await desktop.main()).evaluate((isAsked) => window.cloudsmith?.updates(isAsked), look);
const start = (): ReturnType<Desktop["start"]> =>
  desktop.start({ environment: { APPIMAGE: installed, XDG_CACHE_HOME: desktop.folder("cache") } });

test.beforeAll(async () => {
  feed.listen(0, "127.0.0.1");
  await once(feed, "listening");
  const address = feed.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const told = join(dirname(process.env["E2E_ELECTRON"] ?? ""), "resources", "app-update.yml");
  writeFileSync(told, `provider: generic\nurl: http://127.0.0.1:${port}/\nupdaterCacheDirName: cloudsmith-updater\n`);
  writeFileSync(installed, "the older one");
  chmodSync(installed, 0o755);
});
test.afterAll(async () => {
  await desktop[Symbol.asyncDispose]();
  feed.closeAllConnections();
  feed.close();
});

test("an update that is published to nobody yet is not offered @packaged", async () => {
  published.staging = 0;
  await start();
  expect(await status()).toEqual({ state: "unknown" });
  expect(await status(true)).toEqual({ state: "newest" });
});

test("one that is not what its publisher listed is refused @packaged", async () => {
  published.staging = 100;
  published.digest = createHash("sha512").update("another").digest("base64");
  await status(true);
  await expect.poll(() => status()).toMatchObject({ state: "failed", message: expect.stringContaining("sha512") });
  expect(readFileSync(installed, "utf8")).toBe("the older one");
});

test("one that is ready is told, and waits while something is being deployed @packaged", async () => {
  published.digest = digest;
  await status(true);
  await expect.poll(() => status()).toEqual({ state: "ready", version });
  await expect.poll(() => desktop.trayLines()).toContain(`Restart to update to ${version}`);
  const client = await desktop.client();
  const app = new GatedApp(desktop.root, "shop");
  app.close("build");
  const deployment = await deploy(client, app.folder);
  await expect.poll(() => desktop.headline()).toBe("1 deployment running");
  const page = await desktop.main();
  expect(await page.evaluate(() => window.cloudsmith?.restartToUpdate())).toBe(false);
  await desktop.choose("Restart to update");
  expect(await status()).toEqual({ state: "ready", version });
  app.open("build");
  expect((await settled(client, deployment)).state).toBe("live");
  await expect.poll(() => desktop.headline()).toBe("Nothing is being deployed");
  expect(readFileSync(installed, "utf8")).toBe("the older one");
});

test("a quit does not put it in place; a restart into it does, and leaves the agent as it is @packaged", async () => {
  await desktop.quit();
  expect(readFileSync(installed, "utf8")).toBe("the older one");
  const { pid } = await desktop.agent();
  await start();
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("Nothing is being deployed");
  await status(true);
  await expect.poll(() => status()).toEqual({ state: "ready", version });
  const ended = once(desktop.app.process(), "exit");
  await desktop.choose("Restart to update");
  await ended;
  await expect.poll(() => existsSync(started)).toBe(true);
  expect(readFileSync(installed, "utf8")).toBe(newer);
  expect((await desktop.agent()).pid).toBe(pid);
});
