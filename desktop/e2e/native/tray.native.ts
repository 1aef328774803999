import { expect, test } from "@playwright/test";
import { GatedApp } from "../../../journeys/support/gated-app.ts";
import { brokenApp, deploy, settled } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

test("with nothing to tell the tray says so, and offers the app and the way out", async () => {
  await desktop.start();
  await desktop.main();
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("Nothing is being deployed");
  expect(await desktop.trayLines()).toEqual([
    "Open CloudSmith",
    "Nothing is being deployed",
    "[ ] Pause notifications",
    "Quit CloudSmith",
  ]);
});

test("a deployment shows with its stage and time while it runs, and its project afterwards", async () => {
  const client = await desktop.client();
  const app = new GatedApp(desktop.root, "shop");
  app.close("build");
  const deployment = await deploy(client, app.folder);
  await expect.poll(() => desktop.trayLines()).toContainEqual(expect.stringMatching(/^shop: building, 0:\d\d$/));
  expect(await desktop.headline()).toBe("1 deployment running");
  app.open("build");
  expect((await settled(client, deployment)).state).toBe("live");
  await expect.poll(() => desktop.headline()).toBe("Nothing is being deployed");
  await expect.poll(() => desktop.trayLines()).toContain("  Open app");
  expect(await desktop.trayLines()).toEqual(
    expect.arrayContaining(["Recent projects", "shop", "  Deploy again", "  Open app", "  Show project"]),
  );
});

test("a project is deployed again from the tray, in a window of its own", async () => {
  await desktop.choose("shop", "Deploy again");
  const window = await desktop.window("/deployments/dep_");
  const id = /dep_[0-9a-z]+/.exec(window.url())?.[0] ?? "";
  const client = await desktop.client();
  const deployment = await client.deployments.get({ deployment: id });
  expect(deployment.trigger).toBe("redeploy");
  expect((await settled(client, deployment)).state).toBe("live");
  await window.close();
});

test("a failure stays in the tray with its cause until somebody looks at it", async () => {
  const client = await desktop.client();
  const deployment = await deploy(client, brokenApp(desktop.root, "broken"));
  expect((await settled(client, deployment)).state).toBe("failed");
  await expect.poll(() => desktop.headline()).toBe("The last deployment failed");
  expect(await desktop.trayLines()).toContainEqual(expect.stringMatching(/^broken: /));
  await desktop.choose("broken: ");
  const window = await desktop.window(deployment.id);
  await expect.poll(() => desktop.headline()).toBe("Nothing is being deployed");
  await window.close();
});

test("notifications are paused and resumed from the tray, and that outlives the app", async () => {
  await desktop.choose("Pause notifications");
  await expect.poll(() => desktop.trayLines()).toContain("[x] Pause notifications");
  const page = await desktop.main();
  expect(await page.evaluate(() => window.cloudsmith?.settings())).toEqual({
    notificationsPaused: true,
    onQuit: "leave-agent",
  });
});

test("the tray is offline while the agent is stopped, and starts it again", async () => {
  const client = await desktop.client();
  await client.system.shutdown({ apps: "keep" });
  await expect.poll(() => desktop.headline()).toBe("Agent is stopped");
  await desktop.choose("Start the agent");
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("Nothing is being deployed");
});

test("the app lives on in the tray when its windows are closed", async () => {
  for (const page of desktop.app.windows()) await page.close();
  await desktop.choose("Open CloudSmith");
  await desktop.main();
});
