import { test } from "vitest";
import { Installation } from "../support/installation.ts";
import { stages, Walk, type Kill } from "./kills.ts";

const everywhere: readonly Kill[] = stages.flatMap((stage) =>
  (["agent", "keeper", "both"] as const).map((victim) => ({ stage, victim })),
);
const only: readonly Kill[] = [
  { stage: "building", victim: "work" },
  { stage: "releasing", victim: "work" },
  { stage: "verifying", victim: "app" },
  { stage: "live", victim: "app" },
];

test.for([...everywhere, ...only])("kill -9 of the $victim in $stage, twice in a row", async (kill) => {
  await using installation = await Installation.start();
  await using walk = await Walk.start(installation);
  await walk.kill(kill);
});
