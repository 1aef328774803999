import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/accessible.ts";
import { answerOf, deployLive, talkingServer, writeApp } from "./support/sites.ts";
import { expect, test } from "./support/test.ts";
import type { Installation } from "../../journeys/support/installation.ts";

async function talking(installation: Installation, name: string): Promise<void> {
  const path = writeApp(installation, name, talkingServer);
  await installation.client.projects.ensure({ source: { type: "folder", path, dir: "" }, name });
  await deployLive(installation, name);
}

/** Asks the app for pages of these numbers, one after the other; it prints each. */
async function ask(installation: Installation, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) await answerOf(installation, "talks", `page-${number}`);
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `asked for /page-${from + index}`);

/** The requests that the log shows now, in its order. */
async function shown(page: Page): Promise<string[]> {
  const texts = await page.locator(".log-line .log-text").allTextContents();
  return texts.filter((text) => text.startsWith("asked for /page-"));
}

test("what an app prints is followed live, stands still for a reader, and goes on after a restart", async ({
  installation,
  launch,
}) => {
  test.slow();
  await talking(installation, "talks");
  const page = await launch("/projects/talks/logs");
  await ask(installation, 0, 3);
  await expect.poll(() => shown(page), { timeout: 20_000 }).toEqual(numbers(0, 3));
  await expectAccessible(page);

  await ask(installation, 3, 60);
  await expect(page.getByText("asked for /page-59", { exact: true })).toBeInViewport();
  await page.getByRole("region", { name: "Log", exact: true }).focus();
  await page.keyboard.press("g");
  await page.keyboard.press("g");
  await ask(installation, 60, 63);
  await expect(page.getByText("asked for /page-0", { exact: true })).toBeInViewport();
  await expect(page.getByText("asked for /page-62", { exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(page.getByText("asked for /page-62", { exact: true })).toBeInViewport();

  // The app goes on while no agent runs; what it printed meanwhile comes once.
  await installation.killAgent();
  await installation.startAgent();
  await ask(installation, 63, 66);
  await expect(page.getByText("asked for /page-65", { exact: true })).toBeInViewport({ timeout: 30_000 });
  const seen = await shown(page);
  expect(seen).toEqual(numbers(66 - seen.length, 66));
});

test("nothing is live, so there is no log, and the page says what to do", async ({ installation, launch }) => {
  const path = writeApp(installation, "quiet", talkingServer);
  await installation.client.projects.ensure({ source: { type: "folder", path, dir: "" }, name: "quiet" });
  const page = await launch("/projects/quiet/logs");
  await expect(page.getByRole("main")).toContainText("production");
  await expectAccessible(page);
});
