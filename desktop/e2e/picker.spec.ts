import type { GitHubDouble } from "@cloudsmith/testkit";
import { expectAccessible } from "./support/accessible.ts";
import { waitLive } from "./support/sites.ts";
import { expect } from "./support/test.ts";
import { test } from "./support/with-github.ts";

const languages = ["TypeScript", "Go", "Python", null] as const;

/** Repositories of a person, and a token that reads them. */
function fill(github: GitHubDouble, count: number): string {
  for (let number = 0; number < count; number++)
    github.world.addRepository(`octocat/repo-${number}`, {
      pushedAt: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
      language: languages[number % languages.length] ?? null,
      private: number % 3 === 0,
      archived: number % 50 === 0,
    });
  return github.world.addToken({ user: github.world.owner("octocat"), kind: "fine-grained" }).value;
}

test("without an account the ways to connect one are there; a token shows the repositories", async ({
  github,
  launch,
}) => {
  const token = fill(github, 40);
  const page = await launch("/new");
  await expect(page.getByRole("heading", { name: "Connect GitHub to see your repositories" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Fine-grained token").fill(token);
  await page.getByRole("button", { name: "Use token" }).click();
  await expect(page.getByText("39 of 40 repositories")).toBeVisible();
  await expectAccessible(page);
});

test("10,000 repositories are searched, filtered, walked through by keys, and one is deployed", async ({
  github,
  installation,
  launch,
}) => {
  test.setTimeout(180_000);
  const token = fill(github, 10_000);
  const page_ = { "index.html": "<!doctype html><title>Picked</title>" };
  await github.addRepository("octocat/picked-site", page_);
  await installation.client.accounts.connectToken({ token });
  const page = await launch("/new");
  const field = page.getByRole("combobox", { name: "Search repositories" });
  await expect(page.getByText(/of 10,001 repositories/)).toBeVisible({ timeout: 60_000 });
  await field.pressSequentially("repo-99", { delay: 20 });
  const rows = page.getByRole("listbox").getByRole("option");
  await expect(rows.first()).toContainText("repo-99");
  await page.getByLabel("Language").selectOption("Go");
  await page.getByLabel("Visibility").selectOption("private");
  await expect(page).toHaveURL(/language=Go/);
  for (const row of await rows.all()) await expect(row).toContainText("Private");
  await expectAccessible(page);
  await page.getByLabel("Language").selectOption("");
  await page.getByLabel("Visibility").selectOption("all");
  await field.fill("no such thing");
  await expect(page.getByRole("heading", { name: "No repository matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await field.fill("picked");
  await expect(page.getByRole("option", { name: /picked-site/ })).toHaveAttribute("aria-selected", "true");
  await field.press("Enter");
  await page.waitForURL(/\/new\/review\?github=/);
  await expect(page.getByText("Static site")).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/deployments\/dep_/);
  await waitLive(installation.client, page.url().split("/").at(-1)?.split(/[?#]/)[0] ?? "");
});

test("a rate limit says so and keeps what has come", async ({ github, installation, launch }) => {
  const token = fill(github, 30);
  await installation.client.accounts.connectToken({ token });
  github.faults.remaining = 0;
  const page = await launch("/new");
  await expect(page.getByText(/rate limit/i).first()).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
});
