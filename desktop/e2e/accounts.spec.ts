import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/accessible.ts";
import { expect, origin, signIn } from "./support/test.ts";
import { test } from "./support/with-github.ts";

/** Presses the one button of each of GitHub's pages. */
async function throughGitHub(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create GitHub App for octocat" }).click();
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByRole("button", { name: "Install" }).click();
}

test("a GitHub App of one's own, from one click to a deployed private repository", async ({
  launch,
  installation,
  github,
}) => {
  const { id } = await github.addRepository("octocat/shop", {
    "index.html": "<!doctype html><title>Shop</title><p>from a private repository",
  });
  const page = await launch("/settings/accounts");
  await expect(page.getByRole("heading", { name: "No account at GitHub yet" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create my GitHub App" }).click();
  await throughGitHub(page);
  await expect(page).toHaveURL(`${origin(installation)}/settings/accounts`);
  await expect(page.getByText("Ready", { exact: true })).toBeVisible();
  await expect(page.getByText("all repositories", { exact: true })).toBeVisible();
  await expectAccessible(page);

  const { client } = installation;
  const [account] = await client.accounts.list();
  const source = { type: "github" as const, server: github.bases.web, repository: id, name: "octocat/shop", ref: null };
  const { project } = await client.projects.ensure({ source: { ...source, dir: "" }, account: account?.id ?? "" });
  const { id: deployment } = await client.deployments.create({ project: project.project.name });
  await page.goto(`${origin(installation)}/deployments/${deployment}`);
  await expect(page.getByText("Live", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await page.goto(`${origin(installation)}/settings/accounts`);
  await expect(page.getByRole("link", { name: "shop", exact: true })).toBeVisible();
});

test("a sign-in that was revoked at GitHub says what to do, and one click heals it", async ({
  launch,
  installation,
  github,
}) => {
  const page = await launch("/settings/accounts");
  await page.getByRole("button", { name: "Create my GitHub App" }).click();
  await throughGitHub(page);
  await expect(page.getByText("Ready", { exact: true })).toBeVisible();
  github.revokeEverything();
  await page.getByRole("button", { name: /^More actions/ }).click();
  await page.getByRole("menuitem", { name: "Check now" }).click();
  await expect(page.getByText("Signed out", { exact: true })).toBeVisible();
  await expect(page.getByText("GitHub no longer accepts this sign-in", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Sign in again" }).click();
  await page.getByRole("button", { name: "Authorize" }).click();
  await expect(page).toHaveURL(`${origin(installation)}/settings/accounts`);
  await expect(page.getByText("Ready", { exact: true })).toBeVisible();
});

test("a pasted token is checked before it is kept, never shown, and forgotten when its account is disconnected", async ({
  launch,
  github,
}) => {
  const user = github.world.owner("octocat");
  const { value } = github.world.addToken({ user, kind: "fine-grained" });
  const page = await launch("/settings/accounts");
  const paste = async (token: string): Promise<void> => {
    await page.getByRole("button", { name: "Connect another way" }).click();
    await page.getByRole("menuitem", { name: /^Fine-grained token/ }).click();
    await page.getByLabel("Token", { exact: true }).fill(token);
    await page.getByRole("button", { name: "Check and keep it" }).click();
  };
  await paste("github_pat_mistyped");
  await expect(page.getByText("GitHub does not know this token", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  await paste(value);
  const card = page.getByRole("article", { name: "octocat" });
  await expect(card).toContainText("Pasted token");
  expect(await page.content()).not.toContain(value);
  await page.getByRole("button", { name: "More actions for octocat" }).click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  await page.getByLabel("Type octocat to confirm").fill("octocat");
  await page.getByRole("button", { name: "Disconnect" }).click();
  await expect(page.getByRole("heading", { name: "No account at GitHub yet" })).toBeVisible();
});

test("GitHub that is down is told on the page of the accounts, which stays usable", async ({ launch, github }) => {
  const page = await launch("/settings/accounts");
  await page.getByRole("button", { name: "Create my GitHub App" }).click();
  await throughGitHub(page);
  await expect(page.getByText("all repositories", { exact: true })).toBeVisible();
  github.faults.broken = "error";
  await page.reload();
  await expect(page.getByText("GitHub does not answer", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("Ready", { exact: true })).toBeVisible();
  await expectAccessible(page);
  github.repair();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("all repositories", { exact: true })).toBeVisible();
});

test("browsers that are signed in are listed, ended from here, and this one last", async ({
  browser,
  launch,
  installation,
}) => {
  const page = await launch("/settings/sessions");
  await expect(page.getByText("this browser")).toBeVisible();
  await expectAccessible(page);
  const other = await browser.newContext();
  await signIn(other, installation);
  const elsewhere = await other.newPage();
  await elsewhere.goto(`${origin(installation)}/settings/sessions`);
  await expect(elsewhere.getByText("this browser")).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Sign out all other browsers" }).click();
  await expect(page.getByText("1 browser was signed out")).toBeVisible();
  await elsewhere.reload();
  await expect(elsewhere.getByRole("heading", { name: "Sign in to CloudSmith" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out here" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to CloudSmith" })).toBeVisible();
  await other.close();
});

test("a project is given another account in its settings; a picked repository only one of its GitHub", async ({
  launch,
  installation,
  github,
}) => {
  const { id: repository } = await github.addRepository("octocat/moved", { "index.html": "<!doctype html>" });
  const user = github.world.owner("octocat");
  const connect = (name: string) =>
    installation.client.accounts.connectToken({
      token: github.world.addToken({ user, kind: "fine-grained" }).value,
      name,
    });
  const [mine, shared] = [await connect("mine"), await connect("shared")];
  const source = { type: "github", server: github.bases.web, repository, name: "octocat/moved", ref: null } as const;
  await installation.client.projects.ensure({ source: { ...source, dir: "" }, name: "moved", account: mine.id });
  const page = await launch("/projects/moved/settings");
  const choice = page.getByLabel("Read with");
  await expect(choice.getByRole("option")).toHaveText(["mine (signed in)", "shared (signed in)"]);
  await expect(page.getByRole("button", { name: "Change account" })).toBeDisabled();
  await choice.selectOption({ label: "shared (signed in)" });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Change account" }).click();
  await expect(page.getByText("moved is read with another account")).toBeVisible();
  expect((await installation.client.projects.get({ project: "moved" })).project.credential).toBe(shared.id);
  await expect(page.getByRole("button", { name: "Change account" })).toBeDisabled();
});
