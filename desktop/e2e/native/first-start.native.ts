import { expect, test } from "@playwright/test";
import { staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

test("the first window is usable while the agent still starts, and what it asked meanwhile is answered", async () => {
  await desktop.start();
  const page = await desktop.app.firstWindow();
  await expect(page.getByRole("link", { name: "Projects" })).toBeVisible();
  await expect
    .poll(() => page.evaluate(async () => (await fetch("/api/projects")).status), { timeout: 30_000 })
    .toBe(200);
  expect(await page.evaluate(() => window.location.origin)).toBe("app://launchboard");
  const { pid } = await desktop.agent();
  expect(desktop.app.process().pid).not.toBe(pid);
});

test("a folder is deployed from the window to an address that answers, and the page follows it live", async () => {
  const page = await desktop.main();
  const path = staticSite(desktop.root, "hello");
  const project = await page.evaluate(async (source) => {
    const call = async (
      address: string,
      method: string,
      body: unknown,
    ): Promise<{ project?: { project: { id: string } } }> => {
      const headers = { "content-type": "application/json" };
      return (await fetch(address, { method, headers, body: JSON.stringify(body) })).json();
    };
    const { project: made } = await call("/api/projects", "PUT", { source: { type: "folder", path: source, dir: "" } });
    await call(`/api/projects/${made?.project.id ?? ""}/deployments`, "POST", {});
    return made?.project.id ?? "";
  }, path);
  const client = await desktop.client();
  await expect
    .poll(async () => (await client.environments.get({ project, environment: "production" })).plainUrl, {
      timeout: 30_000,
    })
    .not.toBeNull();
  const { plainUrl } = await client.environments.get({ project, environment: "production" });
  expect(await (await fetch(plainUrl ?? "")).text()).toContain("<h1>hello</h1>");
  await expect(page.getByText("hello").first()).toBeVisible();
  await expect(page.getByText(/^(Healthy|Live)$/).first()).toBeVisible();
});

test("the agent outlives the app, and the next start finds it", async () => {
  const before = await desktop.agent();
  await desktop.quit();
  expect((await fetch(`${before.url}/api/system/info`)).ok).toBe(true);
  await desktop.start();
  const page = await desktop.main();
  await expect(page.getByText("hello").first()).toBeVisible();
  expect((await desktop.agent()).pid).toBe(before.pid);
});
