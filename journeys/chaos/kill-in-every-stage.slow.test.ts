import { afterAll, beforeAll, describe, test } from "vitest";
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

describe("kill -9, twice in a row", () => {
  let installation: Installation;
  let walk: Walk;
  beforeAll(async () => {
    installation = await Installation.start();
    walk = await Walk.start(installation);
  });
  afterAll(async () => {
    await walk[Symbol.asyncDispose]();
    await installation[Symbol.asyncDispose]();
  });

  test.for([...everywhere, ...only])("of the $victim in $stage", (kill) => walk.kill(kill));
});
