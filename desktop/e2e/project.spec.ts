import { expectAccessible } from "./support/accessible.ts";
import { answerOf, deployLive, talkingServer, waitLive, writeApp } from "./support/sites.ts";
import { expect, test } from "./support/test.ts";
import type { Installation } from "../../journeys/support/installation.ts";
import type { Page } from "@playwright/test";

async function talking(installation: Installation, name: string): Promise<{ project: string; environment: string }> {
  const path = writeApp(installation, name, talkingServer);
  await installation.client.projects.ensure({ source: { type: "folder", path, dir: "" }, name });
  return { project: name, environment: "production" };
}

/** The deployment that the page went to, once it is live. */
async function followed(page: Page, { client }: Installation): Promise<string> {
  await page.waitForURL(/\/deployments\/dep_/);
  const id = page.url().split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  await waitLive(client, id);
  return id;
}

test("changed variables wait, are told, and come with a redeploy", async ({ installation, launch }) => {
  const place = await talking(installation, "waits");
  await installation.client.environments.setVariables({ ...place, set: { TITLE: { value: "one", scope: "both" } } });
  await deployLive(installation, place.project);
  const page = await launch("/projects/waits/variables");
  await page.getByRole("textbox", { name: "Value of TITLE" }).fill("two");
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByRole("textbox", { name: "Name" }).last().fill("API_TOKEN");
  await page.getByRole("textbox", { name: "Value of API_TOKEN" }).fill("hidden");
  await expect(page.getByText("2 unsaved changes")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("2 changes wait for a redeploy")).toBeVisible();
  await expect(
    page.getByText("API_TOKEN added, TITLE changed").or(page.getByText("TITLE changed, API_TOKEN added")),
  ).toBeVisible();
  expect(await answerOf(installation, "waits")).toBe("title: one, key: none");
  await page.goto(page.url().replace("/variables", ""));
  await page.getByRole("region", { name: "production" }).getByRole("button", { name: "Redeploy" }).click();
  await followed(page, installation);
  expect(await answerOf(installation, "waits")).toBe("title: two, key: kept");
});

test("a rollback is looked at, done, and pauses automatic deployments until they are resumed", async ({
  installation,
  launch,
}) => {
  const place = await talking(installation, "back");
  const set = (value: string) =>
    installation.client.environments.setVariables({ ...place, set: { TITLE: { value, scope: "both" } } });
  await set("old");
  await deployLive(installation, "back");
  await set("new");
  await deployLive(installation, "back");
  const page = await launch("/projects/back/deployments");
  await expect(page.getByRole("button", { name: "Roll back to deployment 2" })).toBeDisabled();
  await page.getByRole("button", { name: "Roll back to deployment 1" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("row", { name: /TITLE new old/ })).toBeVisible();
  await expect(dialog).toContainText("Automatic deployments pause");
  await expect(page).toHaveURL(/rollback=dep_/);
  await expectAccessible(page);
  expect(await answerOf(installation, "back")).toContain("title: new");
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await followed(page, installation);
  expect(await answerOf(installation, "back")).toContain("title: old");
  await page.goto(`${new URL(page.url()).origin}/projects/back`);
  await expect(page.getByText("Automatic deployments are paused")).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Automatic deployments are paused")).toBeHidden();
});

test("stopped and started; another environment beside it", async ({ installation, launch }) => {
  await talking(installation, "stops");
  await deployLive(installation, "stops");
  const page = await launch("/projects/stops");
  const production = page.getByRole("region", { name: "production" });
  await production.getByRole("button", { name: "Stop" }).click();
  await expect(production.getByText("Stopped")).toBeVisible();
  await production.getByRole("button", { name: "Start" }).click();
  await expect(production.getByText("Healthy")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Add environment" }).click();
  await expect(page).toHaveURL(/ask=environment/);
  await page.getByLabel("Name").fill("Staging!");
  await expect(page.getByText(/use lower-case letters/)).toBeVisible();
  await page.getByLabel("Name").fill("staging");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "staging" })).toContainText("Not deployed");
});

test("renamed and destroyed only by typing the name", async ({ installation, launch }) => {
  await talking(installation, "first-name");
  await deployLive(installation, "first-name");
  const page = await launch("/projects/first-name/settings");
  await page.getByRole("textbox", { name: "Name" }).fill("second-name");
  await page.getByRole("button", { name: "Rename" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("button", { name: "Rename" })).toBeDisabled();
  await dialog.getByRole("textbox").fill("first-name");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await page.waitForURL(/\/projects\/second-name\/settings/);
  await page.getByRole("button", { name: "Destroy project" }).click();
  await dialog.getByRole("textbox").fill("second-nam");
  await expect(dialog.getByRole("button", { name: "Destroy it for good" })).toBeDisabled();
  await expectAccessible(page);
  await dialog.getByRole("textbox").fill("second-name");
  await dialog.getByRole("button", { name: "Destroy it for good" }).click();
  await page.waitForURL(/\/(\?.*)?$/);
  await expect
    .poll(async () => (await installation.client.projects.list({})).items.length, { timeout: 30_000 })
    .toBe(0);
});

test("charts have figures after traffic, and the same as a table", async ({ installation, launch }) => {
  await talking(installation, "measured");
  await deployLive(installation, "measured");
  for (let count = 0; count < 30; count++) await answerOf(installation, "measured", count % 5 === 0 ? "broken" : "");
  const page = await launch("/projects/measured/metrics");
  const latest = (chart: string, series: string) => page.locator(`[data-chart="${chart}"] [data-latest="${series}"]`);
  await expect(latest("requests", "requests")).toHaveText(/[1-9]/, { timeout: 30_000 });
  await expect(latest("latency", "p95")).toHaveText(/\d/);
  await expect(latest("errors", "s5")).toHaveText(/[1-9]/);
  await expect(latest("memory", "memory")).toHaveText(/[1-9]/, { timeout: 30_000 });
  await expect(page.locator('[data-chart="requests"] canvas')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "As a table" }).click();
  await expect(page).toHaveURL(/table=true/);
  await expect(page.getByRole("columnheader", { name: "Errors, 5xx" })).toBeVisible();
  await expect(page.getByRole("row").nth(1)).toContainText(/[1-9]/);
  await expectAccessible(page);
});

test("every tab is accessible in both themes and stands at 400 % zoom", async ({ installation, launch }) => {
  await talking(installation, "looked-at");
  await deployLive(installation, "looked-at");
  const page = await launch("/projects/looked-at");
  for (const tab of ["", "/deployments", "/variables", "/settings"]) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${new URL(page.url()).origin}/projects/looked-at${tab}`);
    await expect(page.getByRole("heading", { name: "looked-at", level: 1 })).toBeVisible();
    await expect(page.locator(".chakra-skeleton")).toHaveCount(0);
    await expectAccessible(page);
    // 1280 pixels at 400 %.
    await page.setViewportSize({ width: 320, height: 640 });
    const { width, scroll } = await page.evaluate(() => ({
      width: document.documentElement.clientWidth,
      scroll: document.documentElement.scrollWidth,
    }));
    expect(scroll, `${tab} scrolls sideways`).toBeLessThanOrEqual(width);
  }
});
