import { expectAccessible } from "./support/accessible.ts";
import { expect, origin, test } from "./support/test.ts";

test("Launchboard opens signed in, in both themes without a violation", async ({ page }) => {
  await expect(page.getByRole("heading", { name: "Projects", level: 1 })).toBeVisible();
  await expect(page).toHaveTitle("Projects · CloudSmith");
  await expectAccessible(page);
});

test("a browser without a session is told how to get one", async ({ context, installation }) => {
  const page = await context.newPage();
  await page.goto(`${origin(installation)}/activity`);
  await expect(page.getByRole("heading", { name: "Sign in to CloudSmith" })).toBeVisible();
  await expect(page.getByText("cloudsmith open --ui", { exact: true })).toBeVisible();
  await expectAccessible(page);
});

test("nothing is run or loaded that the content security policy forbids", async ({ context, launch }) => {
  const complaints: string[] = [];
  context.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  const page = await launch();
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByRole("heading", { name: "Activity", level: 1 })).toBeVisible();
  expect(complaints).toEqual([]);
});
