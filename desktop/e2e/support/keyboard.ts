import { expect, type Locator, type Page } from "@playwright/test";

/** Goes on with Tab, or back with Shift+Tab, until something has the focus; fails where the keyboard does not get there. */
export async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(target, "it cannot be reached by the keyboard").toBeFocused();
}
