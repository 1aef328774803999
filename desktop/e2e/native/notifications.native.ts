import { expect, test } from "@playwright/test";
import { GatedApp } from "../../../journeys/support/gated-app.ts";
import { brokenApp, deploy, settled, staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";
import { clickNotification, shownNotifications } from "./dunst.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

test("a deployment that is live is told with its address", async () => {
  await desktop.start();
  await desktop.main();
  const client = await desktop.client();
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toContain("Nothing is being deployed");
  await settled(client, await deploy(client, staticSite(desktop.root, "hello")));
  await expect
    .poll(() => shownNotifications())
    .toContainEqual({ summary: "hello is live", body: expect.stringContaining("http://hello.localhost") });
});

test("a failure is told with its cause also when all windows are closed, and a click opens that deployment's window", async () => {
  const client = await desktop.client();
  for (const page of desktop.app.windows()) await page.close();
  const deployment = await settled(client, await deploy(client, brokenApp(desktop.root, "broken")));
  await clickNotification();
  await desktop.window(deployment.id);
  expect(shownNotifications()).toContainEqual({
    summary: "broken failed",
    body: expect.stringContaining(deployment.failure?.message.slice(0, 20) ?? "?"),
  });
});

test("what a person looks at is not told", async () => {
  const client = await desktop.client();
  const app = new GatedApp(desktop.root, "watched");
  app.close("build");
  const deployment = await deploy(client, app.folder);
  await expect.poll(() => desktop.trayLines()).toContainEqual(expect.stringMatching(/^watched: /));
  await desktop.choose("watched: ");
  await desktop.window(deployment.id);
  await desktop.app.evaluate(({ BrowserWindow }, id) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.webContents.getURL().includes(id))
      ?.focus();
  }, deployment.id);
  app.open("build");
  await settled(client, deployment);
  await settled(client, await deploy(client, staticSite(desktop.root, "after")));
  await expect.poll(() => shownNotifications().map(({ summary }) => summary)).toContain("after is live");
  expect(shownNotifications().map(({ summary }) => summary)).not.toContain("watched is live");
});

test("nothing is told while notifications are paused", async () => {
  const client = await desktop.client();
  await desktop.choose("Pause notifications");
  await settled(client, await deploy(client, staticSite(desktop.root, "quiet")));
  await expect.poll(() => desktop.trayLines()).toContain("quiet");
  await desktop.choose("Pause notifications");
  await settled(client, await deploy(client, staticSite(desktop.root, "loud")));
  await expect.poll(() => shownNotifications().map(({ summary }) => summary)).toContain("loud is live");
  expect(shownNotifications().map(({ summary }) => summary)).not.toContain("quiet is live");
});
