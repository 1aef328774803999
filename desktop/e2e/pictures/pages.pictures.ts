import type { Page } from "@playwright/test";
import { join } from "node:path";
import { expect, test } from "../support/test.ts";

// Takes a picture of every page in both themes and two sizes, to be looked at:
//   npx playwright test -c desktop/pictures.config.ts [part of a name]
// They land in desktop/dist/pictures. Another page is a row.

interface Picture {
  readonly name: string;
  readonly path: string;
  /** What is opened before the picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const pictures: readonly Picture[] = [
  { name: "dashboard", path: "/" },
  { name: "welcome", path: "/welcome" },
  { name: "activity", path: "/activity" },
  { name: "appearance", path: "/settings/appearance" },
  { name: "notifications", path: "/settings/notifications" },
  { name: "diagnostics", path: "/settings/diagnostics" },
  { name: "about", path: "/about" },
  { name: "palette", path: "/", prepare: (page) => page.keyboard.press("Control+k") },
  { name: "shortcuts", path: "/", prepare: (page) => page.keyboard.press("?") },
  { name: "bell", path: "/", prepare: (page) => page.getByRole("button", { name: /^Notifications/ }).click() },
];
const sizes = [
  { width: 1024, height: 700 },
  { width: 1920, height: 1200 },
];
const out = join(import.meta.dirname, "..", "..", "dist", "pictures");

test("pictures of every page", async ({ installation, launch }) => {
  test.setTimeout(600_000);
  for (const sample of ["static-site", "guestbook"] as const) await installation.client.samples.deploy({ sample });
  const page = await launch();
  await expect(page.locator('[data-status="healthy"]')).toHaveCount(2, { timeout: 60_000 });
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const { name, path, prepare } of pictures) {
      await page.goto(path);
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
      await prepare?.(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.screenshot({ path: join(out, `${name}-${size.width}-${colorScheme}.png`) });
      }
    }
  }
});
