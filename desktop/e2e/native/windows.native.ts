import { expect, test } from "@playwright/test";
import { readFileSync, writeFileSync } from "node:fs";
import { GatedApp } from "../../../journeys/support/gated-app.ts";
import { deploy, settled } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

const titles = (): Promise<string[]> => desktop.titles();
const bounds = (part: string): ReturnType<Desktop["bounds"]> => desktop.bounds(part);

const app = new GatedApp(desktop.root, "shop");
let id = "";

test("a deployment opens in a small window of its own, whose title follows it", async () => {
  await desktop.start();
  const page = await desktop.main();
  const client = await desktop.client();
  app.close("build");
  const deployment = await deploy(client, app.folder);
  ({ id } = deployment);
  await page.evaluate((deploymentId) => window.cloudsmith?.openDeploymentWindow(deploymentId), id);
  await desktop.window(id);
  await expect.poll(titles).toContainEqual(expect.stringMatching(/^shop: building, 0:\d\d$/));
  await expect.poll(titles).toContain("CloudSmith: 1 running");
  expect(await bounds(id)).toMatchObject({ width: 420, height: 240 });
  app.open("build");
  expect((await settled(client, deployment)).state).toBe("live");
  await expect.poll(titles).toContain("shop: live");
  await expect.poll(titles).toContain("CloudSmith");
});

test("it opens once, expands and becomes small again", async () => {
  const small = await desktop.window(id);
  await small.evaluate(() => window.cloudsmith?.setCompact(false));
  await expect.poll(() => bounds(id)).toMatchObject({ width: 900, height: 640 });
  await small.evaluate(() => window.cloudsmith?.setCompact(true));
  await expect.poll(() => bounds(id)).toMatchObject({ width: 420, height: 240 });
  const page = await desktop.window("app://launchboard/");
  await page.evaluate((deploymentId) => window.cloudsmith?.openDeploymentWindow(deploymentId), id);
  expect(desktop.app.windows()).toHaveLength(2);
});

test("windows, their places and the page come back after a quit", async () => {
  const page = await desktop.main();
  await page.getByRole("link", { name: "Activity" }).click();
  await expect.poll(() => page.url()).toContain("/activity");
  await desktop.app.evaluate(({ BrowserWindow }, part) => {
    for (const window of BrowserWindow.getAllWindows())
      window.setBounds(
        window.webContents.getURL().includes(part)
          ? { x: 60, y: 80, width: 500, height: 300 }
          : { x: 200, y: 120, width: 1000, height: 700 },
      );
  }, id);
  await expect
    .poll(() => readFileSync(desktop.file("windows.json"), "utf8"))
    .toMatch(/"width": 500[^]*|"width": 1000[^]*"width": 500/);
  await desktop.quit();
  await desktop.start();
  await desktop.window("/activity");
  await desktop.window(id);
  await expect.poll(() => bounds("/activity")).toMatchObject({ width: 1000, height: 700 });
  await expect.poll(() => bounds(id)).toMatchObject({ width: 500, height: 300 });
});

test("a window that was on a display that is gone comes back on one that is there", async () => {
  await desktop.quit();
  const state = JSON.parse(readFileSync(desktop.file("windows.json"), "utf8"));
  const away = { x: 9000, y: 7000, width: 1000, height: 700 };
  writeFileSync(desktop.file("windows.json"), JSON.stringify({ ...state, main: { ...state.main, bounds: away } }));
  await desktop.start();
  await desktop.window("/activity");
  const area = await desktop.app.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea);
  await expect.poll(async () => (await bounds("/activity"))?.x ?? 9000).toBeLessThan(area.width - 100);
});

test("a page whose process is killed comes back where it was", async () => {
  const page = await desktop.window("/activity");
  await expect(page.getByRole("heading", { name: "Activity", level: 1 })).toBeVisible();
  const crashed = page.waitForEvent("crash");
  await desktop.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((each) => each.webContents.getURL().includes("/activity"));
    process.kill(window?.webContents.getOSProcessId() ?? 0, "SIGKILL");
  });
  await crashed;
  const heading = (): Promise<string> =>
    desktop.app.evaluate(async ({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows().find((each) => each.webContents.getURL().includes("/activity"));
      return (await window?.webContents.executeJavaScript("document.querySelector('h1')?.textContent ?? ''")) as string;
    });
  await expect.poll(heading).toBe("Activity");
});
