import { test as base, type BrowserContext, type Page } from "@playwright/test";
import { Installation } from "../../../journeys/support/installation.ts";

/** How a window of CloudSmith is opened: in a browser here; another runner can open the desktop app instead. */
export type Launch = (path?: string) => Promise<Page>;

interface Fixtures {
  /** A CloudSmith of this test's own: data folder, ports, agent and keeper; all of it ends with the test. */
  readonly installation: Installation;
  /** Opens a window, signed in, at a page. */
  readonly launch: Launch;
}

export const test = base.extend<Fixtures>({
  // Playwright reads the fixtures that are needed from the pattern, which is empty here.
  // oxlint-disable-next-line no-empty-pattern
  installation: async ({}, use) => {
    await using installation = await Installation.start();
    await use(installation);
  },
  baseURL: async ({ installation }, use) => {
    await use(origin(installation));
  },
  launch: async ({ context, installation }, use) => {
    await use(async (path = "/") => {
      await signIn(context, installation);
      const page = await context.newPage();
      await page.goto(`${origin(installation)}${path}`);
      return page;
    });
  },
  page: async ({ launch }, use) => {
    await use(await launch());
  },
});

export { expect } from "@playwright/test";

/** The address of Launchboard. */
export function origin(installation: Installation): string {
  return `http://cloudsmith.localhost:${installation.agentPort}`;
}

/** Signs a browser in as a person does: by the link that the command line prints. */
export async function signIn(context: BrowserContext, installation: Installation): Promise<void> {
  const cookies = await context.cookies(origin(installation));
  if (cookies.some(({ name }) => name === "cloudsmith_session")) return;
  const { url } = await installation.client.auth.createSignInCode();
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForURL(`${origin(installation)}/`);
  await page.close();
}
