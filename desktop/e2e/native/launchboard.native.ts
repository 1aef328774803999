import { expect, test } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deploy, settled, staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

let id = "";

test("the page of a deployment opens it in a window of its own, which expands and becomes small again", async () => {
  await desktop.start();
  const page = await desktop.main();
  const client = await desktop.client();
  const deployment = await settled(client, await deploy(client, staticSite(desktop.root, "shop")));
  ({ id } = deployment);
  await desktop.lead(`/deployments/${id}`);
  await page.getByRole("button", { name: "Open in a window of its own" }).click();
  const own = await desktop.window(`${id}?window=compact`);
  await expect(own.getByRole("heading", { level: 1 })).toHaveText("shop #1");
  await expect(own.getByRole("tab")).toHaveCount(0);
  await own.getByRole("button", { name: "Show everything" }).click();
  await expect(own.getByRole("tab", { name: "Timeline" })).toBeVisible();
  await expect.poll(() => desktop.bounds("window=full")).toMatchObject({ width: 900, height: 640 });
  await own.getByRole("button", { name: "Make this window small" }).click();
  await expect.poll(() => desktop.bounds("window=compact")).toMatchObject({ width: 420, height: 240 });
  await expect.poll(() => desktop.titles()).toContainEqual(expect.stringContaining("shop"));
});

test("it goes on with the deployment that a redeploy makes, and leads to other pages in the main window", async () => {
  const own = await desktop.window(`${id}?window`);
  await own.getByRole("button", { name: "Show everything" }).click();
  await own.getByRole("button", { name: "Redeploy" }).click();
  await expect(own.getByRole("heading", { name: "Deployment 2", level: 1 })).toBeVisible();
  expect(own.url()).toContain("window=full");
  await expect.poll(() => desktop.titles()).toContain("shop: live");
  await own.getByRole("link", { name: "shop" }).click();
  await expect.poll(() => desktop.addresses()).toContain("app://launchboard/projects/shop");
  expect(own.url()).toContain("/deployments/");
  const next = /dep_[0-9a-z]+/.exec(own.url())?.[0];
  await expect.poll(() => desktop.readFile("config", "CloudSmith", "windows.json")).toContain(next);
  await own.close();
});

for (const [path, title] of [
  ["/new", "New project"],
  ["/activity", "Activity"],
] as const)
  test(`a folder that is dropped on ${path} leads to its review`, async () => {
    const folder = staticSite(desktop.root, "dropped");
    const page = await desktop.lead(path);
    await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [folder], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await session.send("Input.dispatchDragEvent", { type, x: 500, y: 300, data });
    await expect.poll(() => page.url()).toContain(new URLSearchParams({ folder }).toString());
  });

test("settings have a page of the app: agent, start with the session, updates", async () => {
  const page = await desktop.lead("/settings/desktop");
  await expect(page.getByText("Version 0.1.0 is running")).toBeVisible();
  const start = page.getByRole("checkbox", { name: "Start with my session, in the tray" });
  await expect(start).not.toBeChecked();
  await page.getByText("Start with my session, in the tray").click();
  await expect(start).toBeChecked();
  await expect.poll(() => desktop.hasFile("config", "autostart", "cloudsmith.desktop")).toBe(true);
  await page.getByText("Start with my session, in the tray").click();
  await expect.poll(() => desktop.hasFile("config", "autostart", "cloudsmith.desktop")).toBe(false);
  await page.getByText("Stop the agent; apps go on").click();
  await expect.poll(() => desktop.readFile("config", "CloudSmith", "settings.json")).toContain("stop-agent");
  await page.getByText("Leave the agent running").click();
  await expect.poll(() => desktop.readFile("config", "CloudSmith", "settings.json")).toContain("leave-agent");
});

test("without a network everything on this computer works", async () => {
  await desktop.app.evaluate(({ session }) => session.defaultSession.enableNetworkEmulation({ offline: true }));
  const client = await desktop.client();
  await settled(client, await deploy(client, staticSite(desktop.root, "unplugged")));
  const page = await desktop.lead("/");
  await expect(page.getByText("unplugged").first()).toBeVisible();
  await desktop.app.evaluate(({ session }) => session.defaultSession.disableNetworkEmulation());
});

test("a page whose agent was stopped says so, starts it, and goes on by itself", async () => {
  const page = await desktop.lead("/");
  const client = await desktop.client();
  await client.system.shutdown({ apps: "keep" });
  await expect(page.getByText("It was stopped. What is deployed goes on.")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Start it" }).click();
  await expect(page.getByText("It was stopped. What is deployed goes on.")).toHaveCount(0, { timeout: 30_000 });
  const again = await desktop.client();
  const site = staticSite(desktop.root, "again");
  writeFileSync(join(site, "index.html"), "<h1>again</h1>");
  await settled(again, await deploy(again, site));
  await expect(page.getByText("again", { exact: true }).first()).toBeVisible();
});
