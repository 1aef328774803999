import { expect, test } from "@playwright/test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { deploy, settled, staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

/** Connections of a process to a port of this computer. */
function connections(pid: number, port: number): number {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        // Closed meanwhile.
        return [];
      }
    }),
  );
  const remote = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const established = "01";
  return readFileSync(`/proc/${pid}/net/tcp`, "latin1")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((field) => field[2]?.endsWith(remote) && field[3] === established && sockets.has(field[9] ?? "")).length;
}

test("an app that is killed comes back with its windows, the page where one was, and the same agent", async () => {
  await desktop.start();
  await desktop.main();
  const client = await desktop.client();
  const { id } = await settled(client, await deploy(client, staticSite(desktop.root, "shop")));
  const page = await desktop.lead("/projects/shop");
  await page.evaluate((deployment) => window.cloudsmith?.openDeploymentWindow(deployment), id);
  await desktop.window(id);
  const kept = (): string => desktop.readFile("config", "CloudSmith", "windows.json");
  await expect.poll(kept).toContain(id);
  await expect.poll(kept).toContain("/projects/shop");
  const { pid } = await desktop.agent();
  await desktop.kill();
  await desktop.start();
  await desktop.window("/projects/shop");
  await desktop.window(id);
  expect((await desktop.agent()).pid).toBe(pid);
});

test("a stream that a page lets go of ends at the agent too", async () => {
  const page = await desktop.window("/projects/shop");
  const { port } = new URL((await desktop.agent()).url);
  const count = (): number => connections(desktop.app.process().pid ?? 0, Number(port));
  const open = async (): Promise<void> =>
    page.evaluate(async () => {
      const streams: AbortController[] = Reflect.get(globalThis, "streams") ?? [];
      Object.assign(globalThis, { streams });
      const stop = new AbortController();
      streams.push(stop);
      const subscriptions = [{ type: "team", key: "team" }];
      const answer = await fetch("/api/live", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ subscriptions }),
        signal: stop.signal,
      });
      await answer.body?.getReader().read();
    });
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("Nothing is being deployed");
  // Those of the app and of its two windows.
  await expect.poll(count).toBeGreaterThanOrEqual(3);
  const before = count();
  for (let each = 0; each < 5; each++) await open();
  expect(count()).toBeGreaterThanOrEqual(before + 4);
  await page.evaluate(() => {
    for (const stop of Reflect.get(globalThis, "streams")) stop.abort();
  });
  await expect.poll(count).toBeLessThanOrEqual(before + 1);
});
