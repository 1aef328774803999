import { stripVTControlCharacters } from "node:util";
import type { DeploymentLog } from "@cloudsmith/contracts/api";
import { expect, type Page } from "@playwright/test";
import type { Installation } from "../../../journeys/support/installation.ts";

/** Every line that the log viewer shows, from the first to the last, in the order of the page. */
export async function shownLines(page: Page): Promise<string[]> {
  const scroller = page.getByRole("region", { name: "Log", exact: true });
  return scroller.evaluate(async (element) => {
    const frames = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) await new Promise(requestAnimationFrame);
    };
    const isWhole = (): boolean => element.querySelector(".log-missing") === null;
    const lines = new Map<string, string>();
    const take = async (): Promise<void> => {
      await frames(3);
      for (let n = 0; n < 600 && !isWhole(); n++) await frames(1);
      for (const row of element.querySelectorAll<HTMLElement>(".log-line")) {
        const name = row.dataset["line"] ?? "";
        lines.set(name, `${name} ${row.querySelector(".log-text")?.textContent ?? ""}`);
      }
    };
    element.scrollTop = 0;
    await take();
    for (let before = -1; element.scrollTop !== before;) {
      before = element.scrollTop;
      element.scrollTop += element.clientHeight * 0.8;
      await take();
    }
    return [...lines.values()];
  });
}

/** The same as it is stored. */
export async function storedLines(installation: Installation, deployment: string): Promise<string[]> {
  const parts: readonly DeploymentLog[] = ["prepare", "build", "release", "start"];
  const lines: string[] = [];
  for (const part of parts)
    for (let after = -1; ;) {
      const page = await installation.client.logs.build({ deployment, part, after, limit: 5000 });
      lines.push(
        ...page.lines.map(({ position, text }) => `${part}-L${position + 1} ${stripVTControlCharacters(text)}`),
      );
      if (page.next === null) break;
      after = page.next;
    }
  return lines;
}

/** Nothing is lost and nothing is doubled: what is shown is what is stored. */
export async function expectWholeLog(page: Page, installation: Installation, deployment: string): Promise<void> {
  // A tab in the background is not drawn.
  await page.bringToFront();
  const stored = await storedLines(installation, deployment);
  expect(stored.length).toBeGreaterThan(0);
  await expect(async () => expect(await shownLines(page)).toEqual(stored)).toPass({ timeout: 40_000 });
}
