import { expect, type Page } from "@playwright/test";
import { join } from "node:path";
import type { DemoWorld } from "./demo-world.ts";
import type { Picture } from "./pictures.ts";

const sizes = [
  { width: 1024, height: 700 },
  { width: 1920, height: 1200 },
];
const folder = join(import.meta.dirname, "..", "..", "dist", "pictures");

/** Takes each picture in both themes and sizes, on a page that is signed in. */
export async function takePictures(
  page: Page,
  origin: string,
  pictures: readonly Picture[],
  deployments?: DemoWorld["deployments"],
): Promise<void> {
  for (const { name, path, prepare, isLoading } of pictures)
    for (const size of sizes) {
      await page.setViewportSize(size);
      await page.emulateMedia({ reducedMotion: "reduce" });
      await page.goto(origin + addressOf(path, deployments));
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectRest(page);
      await prepare?.(page);
      if (isLoading !== true) await expectRest(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.screenshot({
          path: join(folder, `${name}-${size.width}-${colorScheme}.png`),
          animations: "disabled",
        });
      }
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await page.context().setOffline(false);
    }
}

/** Nothing is on its way any more. */
async function expectRest(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"], .chakra-skeleton, .log-missing')).toHaveCount(0, { timeout: 20_000 });
}

function addressOf(path: Picture["path"], deployments: DemoWorld["deployments"] | undefined): string {
  if (typeof path === "string") return path;
  if (deployments === undefined) throw new Error("There are no deployments to name");
  return path(deployments);
}
