import { expectAccessible } from "./support/accessible.ts";
import { addressesOf, openAtRest } from "./support/every-page.ts";
import { expect, test } from "./support/test.ts";

test("every page has a title and no violation in either theme, and fits a window at 400 %", async ({
  installation,
  launch,
}) => {
  test.setTimeout(600_000);
  const addresses = await addressesOf(installation);
  const page = await launch();
  for (const path of addresses) {
    await openAtRest(page, path);
    expect(await page.title(), path).toMatch(/\S+ · CloudSmith$/);
    await expectAccessible(page);
    // A window of 1280 pixels at 400 % has 320 of them (WCAG 1.4.10).
    await page.setViewportSize({ width: 320, height: 256 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(width, `${path} scrolls sideways`).toBeLessThanOrEqual(320);
    expect.soft(await page.evaluate(cutTexts), `${path} cuts what cannot be scrolled to`).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
});

/** Headings, buttons and labels that reach out of the window and are in nothing that scrolls. */
function cutTexts(): string[] {
  const scrolls = (element: Element | null): boolean =>
    element !== null &&
    element !== document.body &&
    (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  return [...document.querySelectorAll("h1, h2, h3, button, label, a")]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > 321)
    .filter((element) => element.getBoundingClientRect().width > 1 && !scrolls(element))
    .map((element) => element.textContent);
}

test("nothing moves for people who asked for less motion", async ({ launch }) => {
  const page = await launch();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .map(({ effect }) => Number(effect?.getComputedTiming().endTime))
      .filter((milliseconds) => milliseconds > 1),
  );
  expect(moving).toEqual([]);
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
