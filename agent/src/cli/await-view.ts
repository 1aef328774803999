import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "./cli.ts";
import type { EnvironmentName } from "./find-environment.ts";

/** How long a change that was committed may take to show, and how often it is looked for, in milliseconds. */
const limitMs = 10_000;
const pollMs = 25;

/** The environment once it shows what was asked for, or as it is after 10 s: a change is one commit, and what runs follows it a moment later. */
export async function awaitView(
  client: Client,
  environment: EnvironmentName,
  shows: (view: EnvironmentView) => boolean,
): Promise<EnvironmentView> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const view = await client.environments.get(environment);
    if (shows(view) || Date.now() > deadline) return view;
    await wait(pollMs);
  }
}
