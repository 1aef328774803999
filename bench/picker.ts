import { GitHubDouble } from "@cloudsmith/testkit";
import type { Locator, Page } from "@playwright/test";
import { Bundled } from "./bundled.ts";
import { median, timed, type Bench } from "./measure.ts";
import { launchBrowser, longestTaskOf, openPage, taskRow, underRow } from "./page.ts";

const repositories = 10_000;
const languages = ["TypeScript", "Go", "Python", null] as const;

export const picker: Bench = {
  name: "Repository picker",
  how: `Launchboard in headless Chromium with ${repositories.toLocaleString("en")} repositories of a GitHub double; a key is answered when the next picture after it is drawn; tasks by the processor time that they take, since others use the machine too`,
  run: async () => {
    await using github = await GitHubDouble.start();
    await using installation = new Bundled({ CLOUDSMITH_GITHUB_URL: github.bases.web });
    await installation.startAgent();
    await (await installation.client()).accounts.connectToken({ token: fill(github) });
    const browser = await launchBrowser();
    try {
      const page = await openPage(browser, installation);
      let reading = Number.NaN;
      const arriving = await longestTaskOf(page, async () => {
        reading = await timed(() => open(page));
      });
      let keys: number[] = [];
      const typing = await longestTaskOf(page, async () => {
        keys = await type(page);
      });
      const filtering = await longestTaskOf(page, () => filter(page));
      const scrolling = await longestTaskOf(page, () => scroll(page));
      return [
        underRow("until all of them are there", reading, "ms", 10_000),
        taskRow("the page, and while they arrive", arriving),
        taskRow("typing", typing),
        underRow("from a key to its picture, median", median(keys), "ms", 50),
        underRow("the same at its slowest", Math.max(...keys), "ms", 100),
        taskRow("filters and order", filtering),
        taskRow("scrolling", scrolling),
      ];
    } finally {
      await browser.close();
    }
  },
};

/** Repositories of a person, and a token that reads them. */
function fill(github: GitHubDouble): string {
  for (let number = 0; number < repositories; number++)
    github.world.addRepository(`octocat/repo-${number}`, {
      pushedAt: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
      language: languages[number % languages.length] ?? null,
      private: number % 3 === 0,
    });
  return github.world.addToken({ user: github.world.owner("octocat"), kind: "fine-grained" }).value;
}

/** Opens the page and waits for all of the repositories. */
async function open(page: Page): Promise<void> {
  await page.goto(new URL("/new", page.url()).href);
  await allOfThem(page).waitFor({ timeout: 120_000 });
}

function allOfThem(page: Page): Locator {
  return page.getByText(`${repositories.toLocaleString("en")} repositories`, { exact: true });
}

/** Types words and takes them back, as fast as a good typist; milliseconds that each key took to be drawn. */
async function type(page: Page): Promise<number[]> {
  const field = page.getByRole("combobox", { name: "Search repositories" });
  await field.focus();
  await page.evaluate(`globalThis.keyTimes = [];
addEventListener("input", () => {
  const pressed = performance.now();
  requestAnimationFrame(() => setTimeout(() => keyTimes.push(performance.now() - pressed)));
}, true);`);
  for (const word of ["repo-99", "octocat/repo-12", "typescript", "repo 7"]) {
    await field.pressSequentially(word, { delay: 60 });
    for (let left = word.length; left > 0; left--) await field.press("Backspace", { delay: 20 });
  }
  await page.waitForTimeout(600);
  return (await page.evaluate<unknown[]>("keyTimes")).map(Number);
}

async function filter(page: Page): Promise<void> {
  await page.getByLabel("Language").selectOption("Go");
  await page.getByLabel("Visibility").selectOption("private");
  await page.getByLabel("Order").selectOption("name");
  await page.getByLabel("Visibility").selectOption("all");
  await page.getByLabel("Language").selectOption("");
  await allOfThem(page).waitFor();
}

async function scroll(page: Page): Promise<void> {
  await page.mouse.move(640, 600);
  for (let step = 0; step < 100; step++) await page.mouse.wheel(0, 400);
  await page.waitForTimeout(300);
}
