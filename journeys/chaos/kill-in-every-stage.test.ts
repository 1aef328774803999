import { test } from "vitest";
import { Installation } from "../support/installation.ts";
import { Walk, type Kill } from "./kills.ts";

/** Each stage with one victim; the slow suite has them all. */
const kills: readonly Kill[] = [
  { stage: "queued", victim: "agent" },
  { stage: "preparing", victim: "both" },
  { stage: "building", victim: "agent" },
  { stage: "releasing", victim: "both" },
  { stage: "verifying", victim: "keeper" },
  { stage: "live", victim: "app" },
];

test("a process killed in any stage delays the deployment and loses nothing", async () => {
  await using installation = await Installation.start();
  await using walk = await Walk.start(installation);
  for (const kill of kills) await walk.kill(kill);
});
