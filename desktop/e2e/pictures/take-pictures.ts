import { expect, type Page } from "@playwright/test";
import { join } from "node:path";
import type { DemoWorld } from "./demo-world.ts";
import type { Picture } from "./pictures.ts";

const sizes = [
  { width: 1024, height: 700 },
  { width: 1920, height: 1200 },
];
const folder = join(import.meta.dirname, "..", "..", "dist", "pictures");

type Deployments = DemoWorld["deployments"] | undefined;

/** Takes each picture in both themes and sizes, on a page that is signed in. */
export async function takePictures(
  page: Page,
  origin: string,
  pictures: readonly Picture[],
  deployments?: Deployments,
): Promise<void> {
  for (const picture of pictures)
    for (const size of sizes) {
      await page.setViewportSize(size);
      await page.emulateMedia({ reducedMotion: "reduce" });
      await openPicture(page, origin, picture, deployments);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.screenshot({
          path: join(folder, `${picture.name}-${size.width}-${colorScheme}.png`),
          animations: "disabled",
        });
      }
      await page.unrouteAll({ behavior: "ignoreErrors" });
    }
}

/** Brings a page to what its picture shows. */
export async function openPicture(
  page: Page,
  origin: string,
  { path, prepare, isLoading }: Picture,
  deployments: Deployments,
): Promise<void> {
  await page.goto(origin + addressOf(path, deployments));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible({ timeout: 30_000 });
  await expectRest(page);
  await prepare?.(page);
  if (isLoading !== true) await expectRest(page);
}

/** Nothing is on its way any more. */
async function expectRest(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"], .chakra-skeleton, .log-missing')).toHaveCount(0, { timeout: 20_000 });
}

function addressOf(path: Picture["path"], deployments: Deployments): string {
  if (typeof path === "string") return path;
  if (deployments === undefined) throw new Error("There are no deployments to name");
  return path(deployments);
}
