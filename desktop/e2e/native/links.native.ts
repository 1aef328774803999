import { expect, test } from "@playwright/test";
import { spawn } from "node:child_process";
import { staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

/** Starts the app once more, as the system does for a link or a folder; its exit code. */
async function startAgain(...args: string[]): Promise<number | null> {
  const { program, args: all } = desktop.secondStart(...args);
  const child = spawn(program, all, { env: desktop.environment(), stdio: "ignore" });
  return new Promise((resolve) => child.once("exit", resolve));
}

/** Answers the next question of the app, and tells what was asked. */
async function answerDialogs(response: number): Promise<() => Promise<string[]>> {
  await desktop.app.evaluate(({ dialog }, answer) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    Object.assign(dialog, {
      showMessageBox: async (...all: { message: string; detail?: string }[]) => {
        const options = all.at(-1);
        asked.push(`${options?.message ?? ""}\n${options?.detail ?? ""}`);
        return { response: answer, checkboxChecked: false };
      },
    });
  }, response);
  return () => desktop.app.evaluate(() => Reflect.get(globalThis, "asked"));
}

test("a second start ends at once and shows the window of the first", async () => {
  await desktop.start();
  const page = await desktop.main();
  await page.close();
  expect(await startAgain()).toBe(0);
  await desktop.window("app://launchboard/");
});

test("a link leads to a project and to a deployment's window", async () => {
  await startAgain("cloudsmith://projects/shop");
  await desktop.window("/projects/shop");
  await startAgain("cloudsmith://deployments/dep_01k0abcdefghjkmnpqrstvwxyz");
  await desktop.window("/deployments/dep_01k0abcdefghjkmnpqrstvwxyz");
});

test("a link that asks to deploy is confirmed first, with what it would deploy, and then only reviewed", async () => {
  const link = "cloudsmith://deploy?repository=https%3A%2F%2Fgithub.com%2Facme%2Fshop&ref=main";
  const refused = await answerDialogs(1);
  await startAgain(link);
  await expect
    .poll(refused)
    .toEqual([
      expect.stringMatching(/^Deploy this repository[^]*https:\/\/github.com\/acme\/shop\nBranch or tag: main/),
    ]);
  expect(desktop.app.windows().some((page) => page.url().includes("/new"))).toBe(false);
  await answerDialogs(0);
  await startAgain(link);
  const page = await desktop.window("/new/review?git=https%3A%2F%2Fgithub.com%2Facme%2Fshop&ref=main");
  expect(page.url()).toContain("app://launchboard/");
  expect((await (await desktop.client()).projects.list({})).items).toEqual([]);
});

for (const link of [
  "cloudsmith://deploy?repository=file:///etc",
  "cloudsmith://shell?run=ls",
  "cloudsmith://projects/..%2f..",
]) {
  test(`${link} is told to be no link of ours, and does nothing`, async () => {
    const asked = await answerDialogs(0);
    const before = desktop.app.windows().map((page) => page.url());
    await startAgain(link);
    await expect.poll(asked).toEqual([expect.stringMatching(/^This link cannot be opened/)]);
    expect(desktop.app.windows().map((page) => page.url())).toEqual(before);
  });
}

test("a folder that is given or dropped on the icon leads to its review", async () => {
  const folder = staticSite(desktop.root, "dropped");
  await startAgain(folder);
  await desktop.window(`/new/review?${new URLSearchParams({ folder }).toString()}`);
});

test("menu items lead where they say, by shortcuts of the platform", async () => {
  await desktop.chooseMenu("activity");
  await desktop.window("/activity");
  await desktop.chooseMenu("new-project");
  await desktop.window("/new");
  const keys = await desktop.app.evaluate(({ Menu }) =>
    ["new-project", "open-folder", "settings", "quit"].map(
      (id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.accelerator,
    ),
  );
  expect(keys).toEqual(["CmdOrCtrl+N", "CmdOrCtrl+O", "CmdOrCtrl+,", "Ctrl+Q"]);
});

test("starting with the session is off until a person asks, and is hidden in the tray then", async () => {
  const page = await desktop.window("app://launchboard/");
  expect(await page.evaluate(() => window.cloudsmith?.autostart())).toBe(false);
  expect(await page.evaluate(() => window.cloudsmith?.autostart(true))).toBe(true);
  expect(desktop.readFile("config", "autostart", "cloudsmith.desktop")).toMatch(/^Exec=.*"--hidden"$/m);
  await desktop.quit();
  await desktop.start({ args: ["--hidden"] });
  await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("Nothing is being deployed");
  expect(desktop.app.windows()).toEqual([]);
  await desktop.chooseMenu("autostart");
  await expect.poll(() => desktop.hasFile("config", "autostart", "cloudsmith.desktop")).toBe(false);
});
