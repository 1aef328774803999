import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { expectAccessible } from "./support/accessible.ts";
import { answerOf, talkingServer, waitLive, writeApp } from "./support/sites.ts";
import { expect, test } from "./support/test.ts";

const asking = {
  ...talkingServer,
  ".env.example": "# What stands in the heading\nTITLE=My shop\nAPI_TOKEN=\n",
};

test("a folder is reviewed, asked for its variables, deployed once and live", async ({ installation, launch }) => {
  const folder = writeApp(installation, "shop", asking);
  const page = await launch("/new");
  await page.getByRole("textbox", { name: "Search repositories" }).fill(folder);
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: "Review and deploy" })).toBeVisible();
  await expect(page.locator('[data-field="start"]')).toContainText("node server.js");
  await expect(page.locator('[data-field="start"]')).toContainText('script "start" of package.json');
  await expect(page.getByText("2 variables of .env.example have no value")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("textbox", { name: "Value of TITLE" }).fill("From the review");
  const token = page.getByRole("textbox", { name: "Value of API_TOKEN" });
  await token.fill("very-secret-value");
  await expect(page.getByRole("checkbox", { name: "Secret API_TOKEN" })).toBeChecked();
  await expect(token).toHaveCSS("-webkit-text-security", "disc");
  await page.getByRole("button", { name: "Deploy", exact: true }).dblclick();
  await page.waitForURL(/\/deployments\/dep_/);
  const id = page.url().split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  await waitLive(installation.client, id);
  expect(await answerOf(installation, "shop")).toBe("title: From the review, key: kept");
  expect((await installation.client.deployments.list({ project: "shop" })).items).toHaveLength(1);
  const stored = await installation.client.environments.variables({ project: "shop", environment: "production" });
  expect(Object.keys(stored.variables)).toEqual(["TITLE"]);
  expect(stored.secrets.map(({ name }) => name)).toEqual(["API_TOKEN"]);
});

test("a field of the plan is edited, replanned, and put back to what was detected", async ({
  installation,
  launch,
}) => {
  const folder = writeApp(installation, "edited", { ...talkingServer, "other.js": "" });
  const page = await launch(`/new/review?folder=${encodeURIComponent(folder)}`);
  const start = page.locator('[data-field="start"]');
  await start.getByRole("button", { name: "Edit Start command" }).click();
  await page.getByRole("textbox", { name: "Start command" }).fill("node other.js");
  await page.keyboard.press("Enter");
  await expect(start).toContainText("node other.js");
  await expect(start).toContainText("You set it");
  await expect(start).toContainText("Detected: node server.js");
  await start.getByRole("button", { name: /Reset/ }).click();
  await expect(start).toContainText('script "start" of package.json');
});

test("a source without a plan says why, and its apps are chosen on the page", async ({ installation, launch }) => {
  const app = Object.fromEntries(
    ["web", "admin"].flatMap((name) =>
      Object.entries(talkingServer).map(([file, text]) => [`apps/${name}/${file}`, text]),
    ),
  );
  const folder = writeApp(installation, "mono", app);
  const page = await launch(`/new/review?folder=${encodeURIComponent(folder)}`);
  await expect(page.getByText(/There are several apps/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Deploy", exact: true })).toBeDisabled();
  await expectAccessible(page);
  await page.getByRole("button", { name: /apps\/web/ }).click();
  await expect(page.locator('[data-field="start"]')).toContainText("node server.js");
  await expect(page).toHaveURL(/dir=apps%2Fweb/);
  await expect(page.getByLabel("Project name")).toHaveValue("web");
});

test("a .env file is pasted: values are taken, secrets kept as such, what cannot be read is told", async ({
  installation,
  launch,
}) => {
  const folder = writeApp(installation, "pasted", asking);
  const page = await launch(`/new/review?folder=${encodeURIComponent(folder)}`);
  await page.getByRole("button", { name: "Import .env" }).click();
  await page
    .getByLabel("Content of the file")
    .fill("TITLE=Pasted\nDATABASE_URL=postgres://u:p@host/db\nCOLOR=red\nCOLOR=blue\nnonsense");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("3 added")).toBeVisible();
  await expect(page.getByText("Twice in the file, the last one counts: COLOR")).toBeVisible();
  await expect(page.getByText(/1 line could not be read: 5: nonsense/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Value of TITLE" })).toHaveValue("Pasted");
  await expect(page.getByRole("checkbox", { name: "Secret DATABASE_URL" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "Secret COLOR" })).not.toBeChecked();
});

test("a folder is chosen from the list where there is no native dialog", async ({ launch }) => {
  const home = mkdtempSync(join(homedir(), "launchboard-"));
  try {
    mkdirSync(join(home, "site"));
    writeFileSync(join(home, "site", "index.html"), "<!doctype html><title>x</title>");
    const page = await launch("/new");
    await page.getByRole("button", { name: "Choose a folder" }).click();
    await page.getByLabel("Filter folders").fill(basename(home));
    await expect(page.getByRole("button", { name: basename(home) })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: basename(home) }).click();
    await page.getByRole("button", { name: "site" }).click();
    await page.getByRole("button", { name: "Use this folder" }).click();
    await expect(page.getByText("Static site")).toBeVisible();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("what is no source says what to do", async ({ launch }) => {
  const page = await launch("/new");
  await page.getByRole("textbox", { name: "Search repositories" }).fill("/nowhere/at/all");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("There is no source");
  await expect(page.getByRole("alert")).toContainText("What to do:");
  await expectAccessible(page);
});
