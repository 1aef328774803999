import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "@playwright/test";
import type { Bundled } from "./bundled.ts";
import type { Row } from "./measure.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(executablePath === undefined ? {} : { executablePath });
}

/** Runs in the page: keeps how long the tasks took that took more than 50 ms. */
const watchTasks = `globalThis.longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });`;

/** A page that is signed in, and whose long tasks are kept. */
export async function openPage(browser: Browser, installation: Bundled): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript({ content: watchTasks });
  const { url } = await (await installation.client()).auth.createSignInCode();
  await page.goto(url);
  await page.waitForURL((address) => address.pathname === "/");
  return page;
}

/** The longest task since it was last asked, in milliseconds; 0 where none took more than 50. */
export function tasksSince(page: Page): Promise<number> {
  return page.evaluate(() => {
    const tasks: unknown = Reflect.get(globalThis, "longTasks");
    return Array.isArray(tasks) ? Math.max(0, ...tasks.splice(0).map(Number)) : Number.NaN;
  });
}

/** What a longest task is held against: nobody sees a pause of less. */
export function taskRow(what: string, longest: number): Row {
  const figure = longest === 0 ? "< 50 ms" : `${longest.toFixed(0)} ms`;
  return { what: `longest task: ${what}`, figure, goal: "no task over 50 ms", met: longest <= 50 };
}

export function underRow(what: string, value: number, unit: "ms" | "MB", most: number): Row {
  return { what, figure: `${value.toFixed(0)} ${unit}`, goal: `under ${most} ${unit}`, met: value < most };
}
