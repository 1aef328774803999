import { expect, test } from "@playwright/test";
import { statSync } from "node:fs";
import { Desktop } from "./desktop.ts";

const tokens = (desktop: Desktop): string =>
  desktop.hasFile("config", "CloudSmith", "tokens.json") ? desktop.readFile("config", "CloudSmith", "tokens.json") : "";

test("with a key store the app's own session is kept sealed, and used again after a restart", async () => {
  await using desktop = new Desktop();
  await desktop.start({ keyStore: true });
  await desktop.main();
  await expect.poll(() => tokens(desktop), { timeout: 30_000 }).toContain('"sealed": true');
  const kept = tokens(desktop);
  const client = await desktop.client();
  const devices = async (): Promise<string[]> =>
    (await client.auth.sessions()).map(({ name }) => name).filter((name) => name.startsWith("CloudSmith desktop"));
  expect(await devices()).toHaveLength(1);
  await desktop.quit();
  await desktop.start({ keyStore: true });
  await desktop.main();
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("Nothing is being deployed");
  expect(tokens(desktop)).toBe(kept);
  expect(await devices()).toHaveLength(1);
});

test("without one a person chooses a file of their own, and is not asked again", async () => {
  await using desktop = new Desktop();
  await desktop.start({ settings: { withoutKeyStore: "plain-file" } });
  await desktop.main();
  await expect.poll(() => tokens(desktop), { timeout: 30_000 }).toContain('"sealed": false');
  expect(statSync(desktop.file("tokens.json")).mode & 0o077).toBe(0);
});

test("or nothing is written, and the next start signs in anew", async () => {
  await using desktop = new Desktop();
  await desktop.start({ settings: { withoutKeyStore: "until-quit" } });
  const page = await desktop.main();
  await expect
    .poll(() => page.evaluate(async () => (await fetch("/api/projects")).status), { timeout: 30_000 })
    .toBe(200);
  expect(tokens(desktop)).toBe("");
});

test("a device that was signed out elsewhere signs in again by itself", async () => {
  await using desktop = new Desktop();
  await desktop.start();
  const page = await desktop.main();
  await expect
    .poll(() => page.evaluate(async () => (await fetch("/api/projects")).status), { timeout: 30_000 })
    .toBe(200);
  const client = await desktop.client();
  const device = (await client.auth.sessions()).find(({ name }) => name.startsWith("CloudSmith desktop"));
  await client.auth.revoke({ id: device?.id ?? "" });
  expect(await page.evaluate(async () => (await fetch("/api/projects")).status)).toBe(200);
});
