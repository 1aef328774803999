import { expect } from "@playwright/test";
import { execFileSync } from "node:child_process";
import * as z from "zod";

const Field = z.object({ data: z.union([z.string(), z.number()]) });
const History = z.object({ data: z.array(z.array(z.object({ summary: Field, body: Field }))) });

/** Notifications that the system showed, newest first: those that are gone from the screen. */
export function shownNotifications(): { summary: string; body: string }[] {
  // What is on the screen goes to the history, where it can be read.
  execFileSync("dunstctl", ["close-all"]);
  const { data } = History.parse(JSON.parse(execFileSync("dunstctl", ["history"], { encoding: "utf8" })));
  return data.flat().map(({ summary, body }) => ({ summary: String(summary.data), body: String(body.data) }));
}

/** Waits until one is on the screen and clicks it. */
export async function clickNotification(): Promise<void> {
  await expect
    .poll(() => Number(execFileSync("dunstctl", ["count", "displayed"], { encoding: "utf8" })))
    .toBeGreaterThan(0);
  execFileSync("dunstctl", ["action"]);
}
