import { expect, type Page } from "@playwright/test";
import type { DemoWorld } from "./demo-world.ts";

export interface Picture {
  readonly name: string;
  readonly path: string | ((deployments: DemoWorld["deployments"]) => string);
  /** What is done to the page before its picture is taken, and what is waited for. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** It shows what is on its way. */
  readonly isLoading?: true;
}

/** Pages of a CloudSmith that nobody has used yet. */
export const firstPictures: readonly Picture[] = [
  { name: "first-dashboard", path: "/" },
  { name: "first-welcome", path: "/welcome" },
  { name: "first-new", path: "/new" },
  { name: "first-activity", path: "/activity" },
  { name: "first-accounts", path: "/settings/accounts" },
  { name: "first-bell", path: "/", prepare: openBell },
];

/** Pages of a team in the middle of its work. */
export const pictures: readonly Picture[] = [
  { name: "dashboard", path: "/" },
  { name: "dashboard-failing", path: "/?show=attention" },
  { name: "dashboard-nothing", path: "/?q=nowhere" },
  { name: "new", path: "/new", prepare: (page) => seen(page, /repositories/) },
  { name: "new-search", path: "/new?q=sto", prepare: (page) => seen(page, /repositories/) },
  { name: "new-nothing", path: "/new?q=nothing-like-it", prepare: (page) => seen(page, /No repository/) },
  { name: "new-wrong", path: "/new", prepare: pickNothing },
  { name: "review", path: "/new", prepare: pickStorefront },
  { name: "deployment-running", path: ({ running }) => `/deployments/${running}` },
  { name: "deployment-live", path: ({ live }) => `/deployments/${live}` },
  { name: "deployment-failed", path: ({ failed }) => `/deployments/${failed}` },
  { name: "deployment-fixable", path: ({ fixable }) => `/deployments/${fixable}` },
  { name: "deployment-canceled", path: ({ canceled }) => `/deployments/${canceled}` },
  { name: "deployment-search", path: ({ live }) => `/deployments/${live}`, prepare: searchLog },
  { name: "deployment-timeline", path: ({ live }) => `/deployments/${live}?tab=timeline` },
  { name: "deployment-changes", path: ({ live }) => `/deployments/${live}?tab=changes` },
  { name: "deployment-plan", path: ({ live }) => `/deployments/${live}?tab=plan` },
  { name: "deployment-configuration", path: ({ live }) => `/deployments/${live}?tab=configuration` },
  { name: "deployment-details", path: ({ live }) => `/deployments/${live}?tab=details` },
  { name: "project", path: "/projects/storefront" },
  { name: "project-crashing", path: "/projects/search-indexer" },
  { name: "project-failed", path: "/projects/marketing-site" },
  { name: "project-history", path: "/projects/storefront/deployments" },
  { name: "project-rollback", path: ({ previous }) => `/projects/storefront/deployments?rollback=${previous}` },
  { name: "project-variables", path: "/projects/storefront/variables" },
  { name: "project-logs", path: "/projects/storefront/logs" },
  { name: "project-metrics", path: "/projects/storefront/metrics" },
  { name: "project-metrics-table", path: "/projects/storefront/metrics?table=true" },
  { name: "project-metrics-short", path: "/projects/handbook/metrics" },
  { name: "project-settings", path: "/projects/storefront/settings" },
  { name: "project-destroy", path: "/projects/storefront/settings?ask=destroy" },
  { name: "project-missing", path: "/projects/no-such-project" },
  { name: "activity", path: "/activity" },
  { name: "appearance", path: "/settings/appearance" },
  { name: "accounts", path: "/settings/accounts" },
  { name: "sessions", path: "/settings/sessions" },
  { name: "notifications", path: "/settings/notifications" },
  { name: "diagnostics", path: "/settings/diagnostics" },
  { name: "about", path: "/about" },
  { name: "nowhere", path: "/nowhere" },
  { name: "palette", path: "/", prepare: (page) => page.keyboard.press("Control+k") },
  { name: "palette-search", path: "/projects/storefront", prepare: searchPalette },
  { name: "shortcuts", path: "/", prepare: (page) => page.keyboard.press("?") },
  { name: "bell", path: "/", prepare: openBell },
  { name: "offline", path: "/", prepare: goOffline },
  { name: "loading", path: "/about", prepare: waitForActivity, isLoading: true },
  { name: "error", path: "/about", prepare: breakActivity },
];

async function seen(page: Page, text: RegExp): Promise<void> {
  await expect(page.getByText(text).first()).toBeVisible({ timeout: 20_000 });
}

async function openBell(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Notifications/ }).click();
}

async function pickNothing(page: Page): Promise<void> {
  await page.getByRole("combobox", { name: "Search repositories" }).fill("/nowhere/at/all");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
}

async function pickStorefront(page: Page): Promise<void> {
  await seen(page, /repositories/);
  await page
    .getByRole("option", { name: /storefront/ })
    .first()
    .click();
  await expect(page.locator('[data-field="start"]')).toBeVisible({ timeout: 20_000 });
}

async function searchLog(page: Page): Promise<void> {
  await expect(page.locator(".log-line").first()).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("modules");
  await seen(page, /1 of/);
}

async function searchPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("deploy");
}

async function goOffline(page: Page): Promise<void> {
  await page.route("**/rpc/live/**", (route) => route.abort("connectionreset"));
  await page.reload();
  await seen(page, /CloudSmith does not answer/);
}

async function waitForActivity(page: Page): Promise<void> {
  await page.route("**/rpc/activity/list", () => undefined);
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(page.locator('[aria-busy="true"]')).toBeVisible();
}

async function breakActivity(page: Page): Promise<void> {
  await page.route("**/rpc/activity/list", (route) => route.abort("connectionreset"));
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByRole("alert")).toBeVisible({ timeout: 20_000 });
}
