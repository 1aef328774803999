import { writeFile } from "node:fs/promises";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, origin } from "../support/test.ts";
import { makeDemoWorld } from "./demo-world.ts";
import { pictures } from "./pictures.ts";
import { openPicture } from "./take-pictures.ts";
import { test } from "../support/with-github.ts";

// Makes the pictures of README and docs again:
//   npx playwright test -c desktop/pictures.config.ts guide

const wanted = {
  dashboard: "light",
  "deployment-fixable": "light",
  "project-metrics": "dark",
  new: "dark",
  "project-rollback": "light",
} as const;
const folder = join(import.meta.dirname, "..", "..", "..", "docs", "pictures");

test("pictures of the guides", async ({ github, installation, launch }) => {
  test.setTimeout(600_000);
  const { deployments } = await makeDemoWorld(github, installation);
  const page = await launch();
  await expect(page.locator('[data-status="crashing"]')).toBeVisible({ timeout: 60_000 });
  await page.setViewportSize({ width: 1280, height: 760 });
  const browser = await page.context().newCDPSession(page);
  mkdirSync(folder, { recursive: true });
  for (const [name, colorScheme] of Object.entries(wanted)) {
    const picture = pictures.find((each) => each.name === name);
    if (picture === undefined) throw new Error(`There is no picture ${name}`);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openPicture(page, origin(installation), picture, deployments);
    const { data } = await browser.send("Page.captureScreenshot", { format: "webp", quality: 85 });
    await writeFile(join(folder, `${name}.webp`), Buffer.from(data, "base64"));
  }
});
