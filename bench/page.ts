import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "@playwright/test";
import * as z from "zod";
import type { Bundled } from "./bundled.ts";
import type { Row } from "./measure.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(executablePath === undefined ? {} : { executablePath });
}

/** A page that is signed in. */
export async function openPage(browser: Browser, installation: Bundled): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const { url } = await (await installation.client()).auth.createSignInCode();
  await page.goto(url);
  await page.waitForURL((address) => address.pathname === "/");
  return page;
}

/** The longest task of a page's main thread, in milliseconds. */
export interface LongestTask {
  /** What it computed. */
  readonly processorMs: number;
  /** How long it took with its waiting for a processor that others use as well. */
  readonly clockMs: number;
}

/** What we read of Chromium's trace, in microseconds; docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU */
const TraceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  dur: z.number().default(0),
  tdur: z.number().default(0),
  args: z.object({ name: z.string().optional() }).catch({}),
});
const Trace = z.object({ traceEvents: z.array(TraceEvent) });

/** Does work and finds the longest task that the page had meanwhile. */
export async function longestTaskOf(page: Page, work: () => Promise<unknown>): Promise<LongestTask> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("The page has no browser that could be traced");
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  let trace: Buffer;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = Trace.parse(JSON.parse(trace.toString("utf8")));
  const threadOf = ({ pid, tid }: z.infer<typeof TraceEvent>): string => `${pid} ${tid}`;
  const mains = new Set(
    traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(threadOf),
  );
  const tasks = traceEvents.filter(
    (event) => event.ph === "X" && event.name.endsWith("RunTask") && mains.has(threadOf(event)),
  );
  const most = (of: "dur" | "tdur"): number => tasks.reduce((longest, task) => Math.max(longest, task[of]), 0) / 1000;
  return { processorMs: most("tdur"), clockMs: most("dur") };
}

/** What a longest task is held against: nobody sees a pause of less. Counted is what it computed, since others use the machine too. */
export function taskRow(what: string, { processorMs, clockMs }: LongestTask): Row {
  return {
    what: `longest task: ${what}`,
    figure: `${processorMs.toFixed(0)} ms (${clockMs.toFixed(0)} ms by the clock)`,
    goal: "no task over 50 ms",
    met: processorMs <= 50,
  };
}

export function underRow(what: string, value: number, unit: "ms" | "MB", most: number): Row {
  return { what, figure: `${value.toFixed(0)} ${unit}`, goal: `under ${most} ${unit}`, met: value < most };
}
