import type { Browser } from "@playwright/test";
import { Bundled } from "./bundled.ts";
import { median, type Bench } from "./measure.ts";
import { launchBrowser, underRow } from "./page.ts";

const rounds = 7;

interface Visit {
  /** Compressed bytes of scripts, as they came over the wire. */
  readonly script: number;
  readonly firstContentMs: number;
  /** Until the list of projects, or its empty state, was there and could be used. */
  readonly usableMs: number;
}

export const launchboard: Bench = {
  name: "Launchboard",
  how: `the first page in a fresh browser profile, from the agent on this machine; times from the start of the navigation; median of ${rounds}`,
  run: async () => {
    await using installation = new Bundled();
    await installation.startAgent();
    const browser = await launchBrowser();
    try {
      const visits: Visit[] = [];
      for (let round = 0; round < rounds; round++) visits.push(await visit(browser, installation));
      const script = median(visits.map((each) => each.script)) / 1024;
      const content = median(visits.map((each) => each.firstContentMs));
      const usable = median(visits.map((each) => each.usableMs));
      return [
        {
          what: "JavaScript of the first page, gzip",
          figure: `${script.toFixed(0)} KB`,
          goal: "at most 250 KB",
          met: script <= 250,
        },
        underRow("first content", content, "ms", 400),
        underRow("interactive", usable, "ms", 800),
      ];
    } finally {
      await browser.close();
    }
  },
};

/** Signs a new profile in, then looks at the first page with nothing of it in the cache. */
async function visit(browser: Browser, installation: Bundled): Promise<Visit> {
  const client = await installation.client();
  const { url } = await client.auth.createSignInCode();
  // Gzip, since that is what the budget is counted in; browsers get Brotli, which is smaller.
  const context = await browser.newContext({ extraHTTPHeaders: { "accept-encoding": "gzip" } });
  try {
    const page = await context.newPage();
    const home = new URL("/", url).href;
    // The sign-in leads to the page; it is stopped there, so that the visit that counts finds no file of it.
    await page.route(home, (route) => route.fulfill({ body: "" }));
    await page.goto(url);
    await page.waitForURL(home);
    await page.unroute(home);
    await page.goto(home);
    await page.getByRole("link", { name: "Try a sample" }).first().waitFor();
    // What was loaded until then; more comes later, when there is nothing to do.
    const [usableMs = Number.NaN, firstContentMs = Number.NaN, script = Number.NaN] = (
      await page.evaluate<unknown[]>(figures)
    ).map(Number);
    return { script, firstContentMs, usableMs };
  } finally {
    await context.close();
  }
}

/** Runs in the page: milliseconds until now and until the first content, and compressed bytes of scripts. */
const figures = `[
  performance.now(),
  performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  performance.getEntriesByType("resource").filter(({ name }) => new URL(name).pathname.endsWith(".js"))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
]`;
