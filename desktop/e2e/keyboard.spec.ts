import type { Page } from "@playwright/test";
import { tabTo } from "./support/keyboard.ts";
import { talkingServer, writeApp } from "./support/sites.ts";
import { expect, test } from "./support/test.ts";

/** Presses Enter on the link to the live app, once it is there; what it answers in the tab that it opens. */
async function visited(page: Page): Promise<string> {
  const visit = page.getByRole("link", { name: "Visit" });
  await expect(visit).toBeVisible({ timeout: 60_000 });
  await tabTo(page, visit);
  const opened = page.context().waitForEvent("page");
  await page.keyboard.press("Enter");
  const app = await opened;
  await app.waitForLoadState("domcontentloaded");
  const text = (await app.textContent("body")) ?? "";
  await app.close();
  return text;
}

test("from the first visit to a live sample without a pointer", async ({ page }) => {
  await tabTo(page, page.getByRole("link", { name: "Try a sample" }).first());
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Deploy Static site" }));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/deployments\/dep_/);
  expect(await visited(page)).not.toBe("");
});

test("a folder of one's own: picked, reviewed, given a variable, deployed and rolled back without a pointer", async ({
  installation,
  page,
}) => {
  const folder = writeApp(installation, "typed", talkingServer);
  await expect(page.getByRole("link", { name: "Try a sample" }).first()).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await expect(page.getByRole("textbox", { name: "Search repositories" })).toBeFocused();
  await page.keyboard.type(folder);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Review and deploy" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Add variable" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name", exact: true }).last()).toBeFocused();
  await page.keyboard.type("TITLE");
  await page.keyboard.press("Tab");
  await page.keyboard.type("typed");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/deployments\/dep_/);
  expect(await visited(page)).toBe("title: typed, key: none");

  // What is live is the newest one here, so that another deployment makes it one to go back to.
  await page.keyboard.press("Shift+R");
  await expect(page.getByRole("heading", { name: "Deployment 2", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Visit" })).toBeVisible({ timeout: 60_000 });
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Deployment 1", level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("roll back to this");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Roll back to deployment 1" });
  await tabTo(page, dialog.getByRole("button", { name: "Roll back" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Deployment 3", level: 1 })).toBeVisible();
  expect(await visited(page)).toBe("title: typed, key: none");
});
