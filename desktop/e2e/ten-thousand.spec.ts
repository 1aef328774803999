import { Installation } from "../../journeys/support/installation.ts";
import { seedProjects } from "../../journeys/support/seed-projects.ts";
import { expect, test } from "./support/test.ts";

test.use({
  // oxlint-disable-next-line no-empty-pattern
  installation: async ({}, use) => {
    await using installation = await Installation.make();
    await seedProjects(installation.paths, 10_000);
    await installation.startAgent();
    await use(installation);
  },
});

test("ten thousand projects are there at once, found as one types, and few of them are drawn", async ({ launch }) => {
  test.slow();
  const page = await launch();
  await expect(page.getByRole("link", { name: "app-00000" })).toBeVisible();
  await expect(page.getByText("10,000 projects", { exact: true }).first()).toBeVisible({ timeout: 120_000 });
  expect(await page.getByRole("listitem").count()).toBeLessThan(60);
  await page.getByRole("searchbox", { name: "Find projects" }).fill("app-0999");
  await expect(page.getByRole("listitem")).toHaveCount(10);
  await page.getByRole("searchbox", { name: "Find projects" }).fill("");
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await expect(page.getByRole("link", { name: "app-09999" })).toBeVisible();
});
