import { expect, test } from "@playwright/test";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GatedApp } from "../../../journeys/support/gated-app.ts";
import { deploy, settled, staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

interface Asked {
  /** Answers so far, and what was no good answer. */
  seen(): Promise<{ good: number; bad: string[] }>;
  stop(): Promise<void>;
}

/** Asks the agent from a page without a pause, four at a time, until it is told to stop. */
async function askAllTheTime(): Promise<Asked> {
  const page = await desktop.main();
  await page.evaluate(() => {
    const seen = { good: 0, bad: [] as string[], stop: false };
    const ask = async (): Promise<void> => {
      while (!seen.stop) {
        const answer = await fetch("/api/projects").catch((error: unknown) => String(error));
        if (typeof answer === "string") seen.bad.push(answer);
        else if (answer.ok) seen.good += 1;
        else seen.bad.push(`${answer.status} ${await answer.text()}`);
      }
    };
    Object.assign(globalThis, { seen, asking: Promise.all([ask(), ask(), ask(), ask()]) });
  });
  return {
    seen: () => page.evaluate(() => Reflect.get(globalThis, "seen")),
    stop: () =>
      page.evaluate(async () => {
        Reflect.get(globalThis, "seen").stop = true;
        await Reflect.get(globalThis, "asking");
      }),
  };
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
  const app = new GatedApp(desktop.root, "gated");
  app.close("build");
  const deployment = await deploy(client, app.folder);
  await desktop.start();
  const asked = await askAllTheTime();
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("1 deployment running");
  await expect.poll(async () => (await asked.seen()).good, { timeout: 30_000 }).toBeGreaterThan(20);
  // Never during a deployment.
  expect((await desktop.agent()).pid).toBe(old.pid);
  app.open("build");
  await expect.poll(() => desktop.connection()?.pid ?? old.pid, { timeout: 40_000 }).not.toBe(old.pid);
  await expect.poll(() => desktop.connection()?.version, { timeout: 30_000 }).toBe("0.1.0");
  const { good: before } = await asked.seen();
  await expect.poll(async () => (await asked.seen()).good, { timeout: 30_000 }).toBeGreaterThan(before + 20);
  await asked.stop();
  expect((await asked.seen()).bad).toEqual([]);
  expect((await (await desktop.client()).deployments.get({ deployment: deployment.id })).state).toBe("live");
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
