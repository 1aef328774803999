import { expect, type Page } from "@playwright/test";
import type { Installation } from "../../../journeys/support/installation.ts";
import { nodeApp, deploy, settled } from "./apps.ts";

/** Deploys an app that has everything a page can show, and gives the address of every page. */
export async function addressesOf(installation: Installation): Promise<string[]> {
  const source = nodeApp(installation, "shop", `console.log("built")`, { ".env.example": "API_URL=\n" });
  await installation.client.projects.ensure({ source, name: "shop" });
  await installation.client.environments.configure({
    project: "shop",
    environment: "production",
    set: { COLOR: { value: "green", scope: "run" } },
    secrets: { TOKEN: { value: "hidden", scope: "run", revokeOld: false } },
  });
  const { id } = await settled(installation, await deploy(installation, "shop", source));
  const folder = source.type === "folder" ? source.path : "";
  const named = (base: string, names: readonly string[]) => names.map((name) => base + name);
  return [
    ...named("/", ["", "?q=nowhere", "welcome", "activity", "about", "nowhere", "new"]),
    ...named("/settings/", ["appearance", "notifications", "accounts", "sessions", "diagnostics"]),
    `/new/review?folder=${encodeURIComponent(folder)}`,
    ...named("/projects/shop", ["", "/deployments", "/variables", "/logs", "/metrics", "/settings"]),
    "/projects/shop/settings?ask=destroy",
    "/projects/shop?ask=environment",
    `/deployments/${id}`,
    ...named(`/deployments/${id}?tab=`, ["timeline", "changes", "plan", "configuration", "details"]),
  ];
}

/** Opens a page and waits until nothing of it is on its way. */
export async function openAtRest(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator("h1")).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('[aria-busy="true"], .chakra-skeleton, .log-missing')).toHaveCount(0, { timeout: 20_000 });
}
