import { GitHubDouble } from "@cloudsmith/testkit";
import { Installation } from "../../journeys/support/installation.ts";
import { expectAccessible } from "./support/accessible.ts";
import { waitLive } from "./support/sites.ts";
import { expect, origin, test as base } from "./support/test.ts";

/** An installation whose GitHub is the double. */
const test = base.extend<{ readonly github: GitHubDouble }>({
  // oxlint-disable-next-line no-empty-pattern
  github: async ({}, use) => {
    await using github = await GitHubDouble.start();
    await use(github);
  },
  installation: async ({ github }, use) => {
    await using installation = await Installation.start({ github: github.bases.web });
    await use(installation);
  },
});

const site = { "index.html": "<!doctype html><title>Shop</title><p>from a private repository" };

test("signed in on the way, a private repository is picked, reviewed, deployed and visited", async ({
  launch,
  installation,
  github,
}) => {
  await github.addRepository("octocat/shop", site);
  const page = await launch("/new");
  const opened = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Create my GitHub App" }).click();
  const atGitHub = await opened;
  await atGitHub.getByRole("button", { name: "Create GitHub App for octocat" }).click();
  await atGitHub.getByRole("button", { name: "Authorize" }).click();
  await atGitHub.getByRole("button", { name: "Install" }).click();
  await expect(atGitHub).toHaveURL(`${origin(installation)}/new`);
  await atGitHub.close();

  // The page that one came from goes on by itself.
  await page.getByRole("option", { name: /octocat \/\s*shop/ }).click();
  await expect(page.getByText("Static site")).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await page.waitForURL(/\/deployments\/dep_/);
  const id = page.url().split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  await waitLive(installation.client, id);
  const visiting = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Visit" }).click();
  await expect((await visiting).getByText("from a private repository")).toBeVisible();

  // Nothing of the token is in the page or in what it keeps.
  const tokens = [...github.world.tokens.keys()];
  const kept = await page.evaluate(() =>
    [...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie].join(" "),
  );
  for (const text of [await page.content(), kept, page.url()])
    for (const token of tokens) expect(text).not.toContain(token);
});

test("an organization that restricts apps is named with what its owner can do, and the rest of the list stands", async ({
  launch,
  installation,
  github,
}) => {
  github.world.addOrganization("acme", ["octocat"]).restrictsApps = true;
  await github.addRepository("acme/inner", site);
  await github.addRepository("octocat/mine", site, { private: false });
  const client = github.addOAuthClient();
  const page = await launch("/settings/accounts");
  await page.getByRole("button", { name: "Connect another way" }).click();
  await page.getByRole("menuitem", { name: /^OAuth client/ }).click();
  await page.getByLabel("Client ID").fill(client.clientId);
  await page.getByLabel("Client secret").fill(client.clientSecret);
  await page.getByRole("button", { name: "Sign in at GitHub" }).click();
  await page.getByRole("button", { name: "Authorize" }).click();
  await expect(page).toHaveURL(`${origin(installation)}/settings/accounts`);
  await page.goto(`${origin(installation)}/new`);
  await expect(page.getByRole("option", { name: /octocat \/\s*mine/ })).toBeVisible();
  await expect(page.getByText(/acme/).first()).toBeVisible();
  await expect(page.getByText("acme / inner")).toHaveCount(0);
  await expectAccessible(page);
});

test("GitHub's limit is told with the time that it ends; what has come stays usable, and the rest comes then", async ({
  launch,
  installation,
  github,
}) => {
  for (let number = 0; number < 250; number++) github.world.addRepository(`octocat/repo-${number}`);
  const { value } = github.world.addToken({ user: github.world.owner("octocat"), kind: "fine-grained" });
  await installation.client.accounts.connectToken({ token: value });
  // Enough for the first page alone.
  github.faults.remaining = 1;
  const page = await launch("/new");
  await expect(page.getByText(/rate limit is used up until/i).first()).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  github.faults.remaining = 5000;
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByText(/250 repositories/)).toBeVisible({ timeout: 30_000 });
});

test("GitHub that is slow shows skeletons, then the list", async ({ launch, installation, github }) => {
  await github.addRepository("octocat/slow", site);
  const { value } = github.world.addToken({ user: github.world.owner("octocat"), kind: "fine-grained" });
  await installation.client.accounts.connectToken({ token: value });
  github.faults.delayMs = 1500;
  const page = await launch("/new");
  await expect(page.locator('[aria-busy="true"]').first()).toBeVisible();
  await expect(page.getByRole("option", { name: /octocat \/\s*slow/ })).toBeVisible({ timeout: 30_000 });
});
