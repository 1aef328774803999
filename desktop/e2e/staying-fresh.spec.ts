import { talkingServer, writeApp } from "./support/sites.ts";
import { expect, signIn, test } from "./support/test.ts";

test("an agent that dies is told, and what happened meanwhile is there when it is back, in every tab", async ({
  installation,
  launch,
}) => {
  const tabs = [await launch(), await launch()];
  for (const tab of tabs) await expect(tab.getByText("Deploy your first project")).toBeVisible();

  await installation.killAgent();
  for (const tab of tabs) await expect(tab.getByText("CloudSmith does not answer.")).toBeVisible();

  await installation.startAgent();
  await installation.client.projects.ensure({
    source: { type: "folder", path: installation.root.path, dir: "" },
    name: "born-later",
  });
  for (const tab of tabs) {
    await expect(tab.getByText("CloudSmith does not answer.")).toBeHidden({ timeout: 20_000 });
    await expect(tab.getByRole("link", { name: "born-later" })).toHaveCount(1);
  }

  await installation.client.projects.rename({ project: "born-later", name: "renamed" });
  for (const tab of tabs) await expect(tab.getByRole("link", { name: "renamed" })).toHaveCount(1);
});

test("a session that is ended elsewhere shows the way in at once, and signing in again brings the page back", async ({
  installation,
  launch,
}) => {
  const page = await launch("/activity");
  await expect(page.getByRole("heading", { name: "Activity", level: 1 })).toBeVisible();
  const sessions = await installation.client.auth.sessions();
  for (const { id } of sessions.filter(({ kind }) => kind === "session")) await installation.client.auth.revoke({ id });
  await expect(page.getByRole("heading", { name: "Sign in to CloudSmith" })).toBeVisible({ timeout: 20_000 });

  const { url } = await installation.client.auth.createSignInCode();
  await page.goto(url);
  await expect(page.getByRole("heading", { name: "Projects", level: 1 })).toBeVisible();
});

test("a session that ends while a form is filled in: who signs in again finds what they had typed", async ({
  context,
  installation,
  launch,
}) => {
  const folder = writeApp(installation, "typed", talkingServer);
  const page = await launch(`/new/review?folder=${encodeURIComponent(folder)}`);
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).last().fill("TITLE");
  await page.getByRole("textbox", { name: "Value of TITLE" }).fill("kept");
  const sessions = await installation.client.auth.sessions();
  for (const { id } of sessions.filter(({ kind }) => kind === "session")) await installation.client.auth.revoke({ id });
  await expect(page.getByRole("heading", { name: "Sign in to CloudSmith" })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("TITLE")).toBeHidden();
  await expect(page.getByRole("button", { name: "Deploy", exact: true })).toBeHidden();

  await page.getByRole("button", { name: "I have signed in" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to CloudSmith" })).toBeVisible();
  await context.clearCookies();
  await signIn(context, installation);
  await page.getByRole("button", { name: "I have signed in" }).click();
  await expect(page.getByRole("textbox", { name: "Value of TITLE" })).toHaveValue("kept");
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await page.waitForURL(/\/deployments\/dep_/);
  // The stream is open again: the page follows by itself.
  await expect(page.getByRole("link", { name: "Visit" })).toBeVisible({ timeout: 60_000 });
});

test("a slow network shows skeletons, a broken one an error with a way out", async ({ context, launch }) => {
  const page = await launch("/about");
  let answer = false;
  await context.route("**/rpc/activity/list", async (route) => {
    await (answer ? route.continue() : route.abort("connectionreset"));
  });
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(page.locator('[aria-busy="true"]')).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("CloudSmith does not answer", { timeout: 20_000 });
  answer = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("list", { name: "Activity" })).toBeVisible();
});
