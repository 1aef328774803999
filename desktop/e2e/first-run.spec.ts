import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/test.ts";

test("from the first visit to a live address with one click, then again by the palette", async ({ page }) => {
  await page.getByRole("link", { name: "Try a sample" }).first().click();
  await expect(page.getByRole("heading", { name: "Welcome to CloudSmith" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Deploy Static site" }).click();
  await page.waitForURL(/\/deployments\/dep_/);

  await page.getByRole("link", { name: "Projects", exact: true }).click();
  const row = page.getByRole("listitem").filter({ hasText: "static-site" });
  await expect(row.locator('[data-status="healthy"]')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  const address = await row.getByRole("link", { name: "Open static-site" }).getAttribute("href");
  const visit = await page.context().newPage();
  expect((await visit.goto(String(address)))?.status()).toBe(200);
  await visit.close();

  await page.getByRole("button", { name: "Notifications, 1 new" }).click();
  await expect(page.getByRole("link", { name: "static-site is live" })).toBeVisible();
  await page.keyboard.press("Escape");
  const bell = page.getByRole("button", { name: "Notifications", exact: true });
  await expect(bell).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Notifications" })).toBeVisible();
  await bell.click();
  await expect(page.getByRole("dialog", { name: "Notifications" })).toBeHidden();

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("deploy static");
  await expect(page.getByRole("option", { name: /^Deploy static-site/ })).toHaveAttribute("aria-selected", "true");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/deployments\/dep_/);
  await expect(page.getByRole("heading", { name: "Deployment 2" })).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();

  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page.getByRole("list", { name: "Activity" })).toContainText("deployed the sample static-site");
  await page.getByRole("button", { name: "Projects", exact: true }).click();
  await expect(page).toHaveURL(/kind=projects/);
  await expect(page.getByText("Nothing fits")).toBeVisible();
  await expectAccessible(page);
});
