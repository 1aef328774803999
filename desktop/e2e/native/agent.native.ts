import { expect, test } from "@playwright/test";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deploy, settled, staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

/** Asks the agent again and again from a page, until it is told to stop; how many answers were good and which were not. */
async function askAllTheTime(): Promise<() => Promise<{ good: number; bad: string[] }>> {
  const page = await desktop.main();
  await page.evaluate(() => {
    const seen = { good: 0, bad: [] as string[], stop: false };
    Object.assign(globalThis, { seen });
    const ask = async (): Promise<void> => {
      while (!seen.stop) {
        const answer = await fetch("/api/projects").catch((error: unknown) => String(error));
        if (typeof answer === "string") seen.bad.push(answer);
        else if (answer.ok) seen.good += 1;
        else seen.bad.push(`${answer.status} ${await answer.text()}`);
      }
    };
    for (let each = 0; each < 4; each++) void ask();
  });
  return () =>
    page.evaluate(() => {
      const seen = Reflect.get(globalThis, "seen");
      seen.stop = true;
      // The one that is under way counts too.
      return new Promise<{ good: number; bad: string[] }>((resolve) => setTimeout(() => resolve(seen), 500));
    });
}

test("an agent that is killed is started again, and the page goes on by itself", async () => {
  await desktop.start();
  const page = await desktop.main();
  const before = await desktop.agent();
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("Nothing is being deployed");
  process.kill(before.pid, "SIGKILL");
  await expect.poll(() => desktop.connection()?.pid, { timeout: 30_000 }).not.toBe(before.pid);
  const client = await desktop.client();
  await settled(client, await deploy(client, staticSite(desktop.root, "after")));
  await expect(page.getByText("after").first()).toBeVisible();
});

test("an older agent makes place for the one that came with the app without a failed request, and apps go on", async () => {
  await desktop.quit();
  const old = await desktop.agent();
  // What another version left: the agent that runs says that it is an older one.
  writeFileSync(join(desktop.home, "agent.json"), JSON.stringify({ ...old, version: "0.0.1" }));
  const client = await desktop.client();
  const { plainUrl } = await client.environments.get({ project: "after", environment: "production" });
  await desktop.start();
  const stop = await askAllTheTime();
  await expect.poll(() => desktop.connection()?.pid, { timeout: 40_000 }).not.toBe(old.pid);
  await expect.poll(() => desktop.connection()?.version, { timeout: 30_000 }).toBe("0.1.0");
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("Nothing is being deployed");
  const { good, bad } = await stop();
  expect(bad).toEqual([]);
  expect(good).toBeGreaterThan(10);
  expect((await fetch(plainUrl ?? "")).ok).toBe(true);
});

test("on quit the agent is left or stopped as the person chose; apps go on in either case", async () => {
  const page = await desktop.main();
  await page.evaluate(() => window.cloudsmith?.settings({ onQuit: "stop-agent" }));
  const { pid } = await desktop.agent();
  const { plainUrl } = await (await desktop.client()).environments.get({ project: "after", environment: "production" });
  await desktop.quit();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect((await fetch(plainUrl ?? "")).ok).toBe(true);
});

test("an agent that cannot start is told with the end of its log, in the tray and to the page, and a person can try again", async () => {
  const database = join(desktop.home, "cloudsmith.db");
  const good = readFileSync(database);
  writeFileSync(database, "this is no database");
  await desktop.start();
  const page = await desktop.app.firstWindow();
  await expect.poll(() => desktop.headline(), { timeout: 50_000 }).toMatch(/^Agent (ended|could not)/);
  const status = (): Promise<string> => page.evaluate(async () => JSON.stringify(await window.cloudsmith?.agent()));
  await expect.poll(status, { timeout: 50_000 }).toMatch(/database|damaged/i);
  writeFileSync(database, good);
  chmodSync(database, 0o600);
  await page.evaluate(() => window.cloudsmith?.startAgent());
  await expect.poll(() => desktop.headline(), { timeout: 50_000 }).toBe("Nothing is being deployed");
});
