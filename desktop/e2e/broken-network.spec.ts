import { deploy, nodeApp, settled } from "./support/apps.ts";
import { talkingServer, waitLive, writeApp } from "./support/sites.ts";
import { expect, test } from "./support/test.ts";

test("an answer that is lost is asked for again, and what it made is made once", async ({
  installation,
  launch,
  context,
}) => {
  const folder = writeApp(installation, "once", talkingServer);
  const page = await launch(`/new/review?folder=${encodeURIComponent(folder)}`);
  await expect(page.locator('[data-field="start"]')).toContainText("node server.js");
  let lost = 0;
  await context.route("**/rpc/deployments/create", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    // The agent does it; what it answers does not come.
    const { host } = new URL(route.request().url());
    await route.fetch({
      // Node does not know what a browser knows: that every name below localhost is this machine.
      url: route.request().url().replace("cloudsmith.localhost", "127.0.0.1"),
      headers: { ...(await route.request().allHeaders()), host },
    });
    await route.abort("connectionreset");
  });
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("CloudSmith does not answer");
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await page.waitForURL(/\/deployments\/dep_/);
  await waitLive(installation.client, page.url().split("/").at(-1)?.split(/[?#]/)[0] ?? "");
  expect(lost).toBe(1);
  expect((await installation.client.deployments.list({ project: "once" })).items).toHaveLength(1);
});

test("an error of a button says why, what to do and which id to quote, and can be copied", async ({
  installation,
  launch,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const live = await settled(installation, await deploy(installation, "gone", nodeApp(installation, "gone", "")));
  const page = await launch(`/deployments/${live.id}`);
  await expect(page.getByRole("button", { name: "Redeploy" })).toBeEnabled();
  await context.route("**/rpc/deployments/redeploy", (route) =>
    // Of a deployment that is no more.
    route.continue({ postData: (route.request().postData() ?? "").replaceAll(live.id, "dep_01gone0000") }),
  );
  await page.getByRole("button", { name: "Redeploy" }).click();
  const notice = page.getByRole("status").filter({ hasText: "dep_01gone0000" });
  await expect(notice).toContainText("Id for support");
  await notice.getByRole("button", { name: "Copy details" }).click();
  const copied: unknown = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied).toMatchObject({ code: "not-found", correlationId: expect.stringMatching(/.{8}/) });
});

test("on a slow network a page comes whole in the end", async ({ installation, launch }) => {
  await deploy(installation, "slow", nodeApp(installation, "slow", ""));
  const page = await launch("/about");
  const session = await page.context().newCDPSession(page);
  // The slowest that browsers' tools offer: 400 kbit/s, 400 ms.
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  });
  await page.goto(page.url().replace("/about", "/"), { waitUntil: "commit" });
  await expect(page.getByRole("link", { name: "slow", exact: true })).toBeVisible({ timeout: 60_000 });
});
