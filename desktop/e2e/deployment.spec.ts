import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Installation } from "../../journeys/support/installation.ts";
import { expectAccessible } from "./support/accessible.ts";
import { deploy, nodeApp, settled } from "./support/apps.ts";
import { expectWholeLog } from "./support/log-page.ts";
import { expect, test } from "./support/test.ts";

/** A build that prints a line every few milliseconds, until the test lets it end. */
function endlessBuild(installation: Installation): { build: string; end: () => void } {
  const gate = installation.root.file("gate");
  const build = `const { existsSync } = require("node:fs");
let n = 0;
let rest = 50;
const timer = setInterval(() => {
  console.log("\\u001b[32mcompiling\\u001b[0m module " + n++);
  if (existsSync(${JSON.stringify(gate)}) && --rest === 0) clearInterval(timer);
}, 10);`;
  return { build, end: () => writeFileSync(gate, "") };
}

const stage = (page: Page, name: string) => page.locator(`[data-stage="${name}"]`);
const state = (page: Page, name: string) => page.locator("header").locator(`[data-status="${name}"]`);

test("a deployment is watched from its build to its address", async ({ installation, launch }) => {
  const { build, end } = endlessBuild(installation);
  const created = await deploy(installation, "shop", nodeApp(installation, "shop", build));
  const page = await launch(`/deployments/${created.id}`);
  await expect(page.getByRole("heading", { name: "Deployment 1", level: 1 })).toBeVisible();
  await expect(stage(page, "building")).toHaveAttribute("data-status", "running");
  await expect(page.getByText(/^compiling module \d+$/).first()).toBeVisible();
  end();
  await expect(state(page, "live")).toBeVisible({ timeout: 30_000 });
  await expect(stage(page, "building")).toHaveAttribute("data-status", "done");
  await expect(stage(page, "packaging")).toContainText("not needed");
  await expect(page.getByRole("link", { name: "Visit" })).toHaveAttribute("href", /http:\/\/shop\.localhost:\d+/);
  await expectWholeLog(page, installation, created.id);
  await expectAccessible(page);
  await page.getByRole("tab", { name: "Timeline" }).click();
  const timeline = await installation.client.deployments.timeline({ deployment: created.id });
  await expect(page.locator("[data-entry]")).toHaveCount(timeline.length);
});

test("plan, configuration, changes and details stand beside the log", async ({ installation, launch }) => {
  const source = nodeApp(installation, "tabs", "console.log('built')");
  const live = await settled(installation, await deploy(installation, "tabs", source));
  const page = await launch(`/deployments/${live.id}?tab=plan`);
  await expect(page.getByRole("cell", { name: "npm run build" })).toBeVisible();
  for (const tab of ["Changes", "Configuration", "Details"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("tabpanel", { name: tab })).toBeVisible();
    await expectAccessible(page);
  }
  await expect(page.getByText(live.traceparent.split("-")[1] ?? "", { exact: true })).toBeVisible();
});

test("a failure says why and where, and its button mends it", async ({ installation, launch }) => {
  const build = `if (process.env.CI === "false") return console.log("built with warnings");
console.log("Treating warnings as errors because process.env.CI = true.");
process.exitCode = 1;`;
  const failed = await settled(
    installation,
    await deploy(installation, "strict", nodeApp(installation, "strict", build)),
  );
  expect(failed.failure).toMatchObject({ code: "lint-error", suggestion: { env: { CI: "false" } } });
  const page = await launch(`/deployments/${failed.id}`);
  const card = page.locator("[data-failure=lint-error]");
  await expect(card).toContainText("Warnings count as errors because CI is set");
  await expect(card).toContainText("env.CI");
  await expectAccessible(page);
  await card.getByRole("button", { name: "Apply the fix and redeploy" }).click();
  await expect(page.getByRole("heading", { name: "Deployment 2", level: 1 })).toBeVisible();
  await expect(state(page, "live")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^Fixed and deployed by/)).toBeVisible();
});

test("the log is opened at the line that failed", async ({ installation, launch }) => {
  const build = `for (let n = 0; n < 400; n++) console.log("step " + n);
console.log("src/app.ts:12:7 - error TS2322: Type 'string' is not assignable to type 'number'.");
for (let n = 0; n < 400; n++) console.log("after " + n);
process.exitCode = 2;`;
  const failed = await settled(
    installation,
    await deploy(installation, "typed", nodeApp(installation, "typed", build)),
  );
  const page = await launch(`/deployments/${failed.id}`);
  const line = page.locator(".log-line[data-cause]");
  await expect(line).toBeVisible();
  await expect(line).toContainText("error TS2322");
  await expect(page.locator("[data-failure]")).toContainText("src/app.ts:12");
  await page.getByRole("region", { name: "Log", exact: true }).focus();
  await page.keyboard.press("g");
  await page.keyboard.press("g");
  await expect(line).toHaveCount(0);
  await page.keyboard.press("e");
  await expect(line).toBeVisible();
  await page.locator(".log-number").getByText("400", { exact: true }).click();
  await expect(page).toHaveURL(/#build-L400$/);
  await page
    .locator(".log-number")
    .getByText("403", { exact: true })
    .click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(/#build-L400-L403$/);
  await page.reload();
  await expect(page.locator(".log-line[data-chosen]")).toHaveCount(4);
});

test("a search finds what is not loaded, by the keyboard alone", async ({ installation, launch }) => {
  const build = `for (let n = 0; n < 20000; n++) console.log(n % 5000 === 2500 ? "Needle " + n : "hay " + n);`;
  const live = await settled(installation, await deploy(installation, "hay", nodeApp(installation, "hay", build)));
  const page = await launch(`/deployments/${live.id}`);
  await expect(page.locator(".log-line").first()).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("needle");
  await expect(page.getByText("1 of 4")).toBeVisible();
  await expect(page.locator(".log-line[data-current]")).toContainText("Needle 2500");
  await page.keyboard.press("Enter");
  await expect(page.locator(".log-line[data-current]")).toContainText("Needle 7500");
  await page.keyboard.press("Shift+Enter");
  await expect(page.locator(".log-line[data-current]")).toContainText("Needle 2500");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Regular expression" }).click();
  await page.getByRole("searchbox", { name: "Search the log" }).fill("hay 1999[89]$");
  await expect(page.getByText("1 of 2")).toBeVisible();
  await expect(page.locator(".log-line[data-current]")).toContainText("hay 19998");
  await page.getByRole("searchbox", { name: "Search the log" }).fill("(");
  await expect(page.getByText(/Unterminated group/)).toBeVisible();
});

test("a reload and a restart of the agent in the middle lose and double nothing, in two tabs", async ({
  installation,
  launch,
}) => {
  const { build, end } = endlessBuild(installation);
  const created = await deploy(installation, "long", nodeApp(installation, "long", build));
  const one = await launch(`/deployments/${created.id}`);
  const other = await launch(`/deployments/${created.id}`);
  const lines = /^compiling module \d+$/;
  await expect(one.getByText(lines).first()).toBeVisible({ timeout: 30_000 });
  await one.reload();
  await expect(one.getByText(lines).first()).toBeVisible({ timeout: 30_000 });
  await installation.killAgent();
  await installation.startAgent();
  end();
  for (const page of [one, other]) await expect(state(page, "live")).toBeVisible({ timeout: 60_000 });
  for (const page of [one, other]) await expectWholeLog(page, installation, created.id);
});

test("what is under way can be canceled by a key, and says so until it has", async ({ installation, launch }) => {
  const created = await deploy(installation, "slow", nodeApp(installation, "slow", endlessBuild(installation).build));
  const page = await launch(`/deployments/${created.id}`);
  await expect(page.getByText(/^compiling module \d+$/).first()).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press("c");
  await expect(state(page, "canceled")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("This deployment was canceled")).toBeVisible();
  await expectAccessible(page);
});

test("a rollback shows what it changes, and what ran before runs again", async ({ installation, launch }) => {
  const source = nodeApp(installation, "back", "console.log(1)");
  const first = await settled(installation, await deploy(installation, "back", source));
  await installation.client.environments.setVariables({
    project: "back",
    environment: "production",
    set: { COLOR: { value: "green", scope: "run" } },
  });
  await settled(installation, await installation.client.deployments.create({ project: "back" }));
  const page = await launch(`/deployments/${first.id}`);
  await page.getByRole("button", { name: "Roll back to this" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("row", { name: /COLOR green not set/ })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await expect(page.getByRole("heading", { name: "Deployment 3", level: 1 })).toBeVisible();
  await expect(state(page, "live")).toBeVisible({ timeout: 30_000 });
  await expect(stage(page, "building")).toHaveAttribute("data-status", "reused");
  await page.getByRole("navigation", { name: "Where this is" }).getByRole("link", { name: "production" }).click();
  await expect(page).toHaveURL(/\/projects\/back\/deployments\?environment=production$/);
  await page.goBack();
  await page.getByRole("navigation", { name: "Where this is" }).getByRole("link", { name: "back" }).click();
  await expect(page.getByRole("heading", { name: "back", level: 1 })).toBeVisible();
});

test("a small window shows the same without navigation, and 400 % zoom loses nothing", async ({
  installation,
  launch,
}) => {
  const live = await settled(
    installation,
    await deploy(installation, "tiny", nodeApp(installation, "tiny", "console.log('built')")),
  );
  const page = await launch(`/deployments/${live.id}?window=compact`);
  await page.setViewportSize({ width: 480, height: 360 });
  await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await expect(page.getByText("built", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show everything" }).click();
  await expect(page.getByRole("tab", { name: "Timeline" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await page.getByRole("button", { name: "Make this window small" }).click();
  await expect(page.getByRole("tab", { name: "Timeline" })).toHaveCount(0);
  // A window of 1280 by 1024 pixels at 400 %.
  await page.setViewportSize({ width: 320, height: 256 });
  await page.goto(page.url().replace("?window=compact", ""));
  await expect(page.getByRole("heading", { name: "Deployment 1", level: 1 })).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Redeploy" }).scrollIntoViewIfNeeded();
  await expect(page.getByRole("button", { name: "Redeploy" })).toBeInViewport();
  await expectAccessible(page);
});
