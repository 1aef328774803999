import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/test.ts";

const paths = [
  "/",
  "/welcome",
  "/activity",
  "/settings/appearance",
  "/settings/notifications",
  "/settings/diagnostics",
  "/about",
  "/nowhere",
];

test("every page has a title and no violation in either theme, and fits a window at 400 %", async ({ launch }) => {
  test.slow();
  const page = await launch();
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    expect(await page.title(), path).toMatch(/\S+ · CloudSmith$/);
    await expectAccessible(page);
    // A window of 1280 pixels at 400 % has 320 of them (WCAG 1.4.10).
    await page.setViewportSize({ width: 320, height: 256 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `${path} scrolls sideways`).toBeLessThanOrEqual(320);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
});

test("every word comes from the catalogue", async ({ launch }) => {
  const page = await launch("/settings/appearance");
  await page.getByRole("button", { name: "Test language" }).click();
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^\[.*\]$/);
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    const bare = await page
      .locator("h1, h2, h3, button, label, nav a")
      .evaluateAll((found) =>
        found
          .map((each) => each.getAttribute("aria-label") ?? each.textContent ?? "")
          .filter((text) => /[a-z]{2}/i.test(text) && !/\[.*\]/.test(text)),
      );
    expect(bare, path).toEqual([]);
  }
});

test("everything can be reached and done by keyboard alone", async ({ installation, launch }) => {
  for (const name of ["first", "second"])
    await installation.client.projects.ensure({ source: { type: "folder", path: `/${name}`, dir: "" }, name });
  const page = await launch();
  await expect(page.getByRole("link", { name: "second" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();

  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: "first" })).toBeFocused();
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: "second" })).toBeFocused();
  await page.keyboard.press("k");
  await expect(page.getByRole("link", { name: "first" })).toBeFocused();

  await page.keyboard.press("/");
  await page.keyboard.type("seco");
  await expect(page.getByRole("listitem")).toHaveCount(1);
  await expect(page).toHaveURL(/q=seco/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("listitem")).toHaveCount(2);

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("dark theme");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveClass(/dark/);
  await page.reload();
  await expect(page.locator("html")).toHaveClass(/dark/);
});
