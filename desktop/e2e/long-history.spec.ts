import { Installation } from "../../journeys/support/installation.ts";
import { seedHistory } from "../../journeys/support/seed-history.ts";
import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/test.ts";
import type { Page } from "@playwright/test";

const count = 10_000;

test.use({
  // oxlint-disable-next-line no-empty-pattern
  installation: async ({}, use) => {
    await using installation = await Installation.make();
    await seedHistory(installation.paths, "shop", count);
    await installation.startAgent();
    await use(installation);
  },
});

/** Scrolls on until a row is there. */
async function scrollTo(page: Page, text: string): Promise<void> {
  const row = page.getByText(text, { exact: true }).first();
  await expect(async () => {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await expect(row).toBeVisible({ timeout: 50 });
  }).toPass({ intervals: [20], timeout: 60_000 });
}

test("ten thousand deployments: the newest at once, older ones as one scrolls, failed ones by the filter, few of them drawn", async ({
  launch,
}) => {
  test.slow();
  const page = await launch("/projects/shop/deployments");
  await expect(page.getByRole("link", { name: /Change 10000$/ })).toBeVisible();
  await scrollTo(page, "#9500");
  expect(await page.getByRole("listitem").count()).toBeLessThan(60);
  await page.getByLabel("State").selectOption("failed");
  await expect(page).toHaveURL(/state=failed/);
  await expect(page.getByText("The build of 10000 failed", { exact: true })).toBeVisible();
  await scrollTo(page, "#100");
  expect(await page.getByRole("listitem").count()).toBeLessThan(60);
  await page.getByLabel("State").selectOption("canceled");
  await expect(page.getByText(/^No .*canceled/)).toBeVisible();
  await expectAccessible(page);
});

test("a change at the head of a long history asks for the head alone, and what was scrolled to stays", async ({
  installation,
  launch,
}) => {
  test.slow();
  const page = await launch("/projects/shop/deployments");
  await scrollTo(page, "#9500");
  let asked = 0;
  page.on("request", (request) => (asked += request.url().endsWith("/rpc/deployments/list") ? 1 : 0));
  const { id } = await installation.client.deployments.create({ project: "shop" });
  await expect
    .poll(async () => (await installation.client.deployments.get({ deployment: id })).state, { timeout: 30_000 })
    .toBe("failed");
  await page.evaluate(() => window.scrollTo(0, 0));
  await expect(page.getByText("#10001", { exact: true })).toBeVisible();
  await expect(page.getByText("#10001", { exact: true })).toHaveCount(1);
  await expect(page.getByRole("listitem").first().locator('[data-status="failed"]')).toBeVisible();
  await expect(page.getByText("#10000", { exact: true })).toHaveCount(1);
  // A few changes, and not the ten pages that are there for each of them.
  expect(asked).toBeLessThan(20);
});

test("ten thousand entries of activity, read as one scrolls", async ({ launch }) => {
  test.slow();
  const page = await launch("/activity");
  await expect(page.getByRole("list", { name: "Activity" })).toContainText("shop #10000");
  await scrollTo(page, "shop #9000");
  expect(await page.getByRole("listitem").count()).toBeLessThan(60);
});
