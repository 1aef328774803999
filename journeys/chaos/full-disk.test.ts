import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Installation } from "../support/installation.ts";
import { expectNothingLeft } from "../support/invariants.ts";
import { Probe } from "../support/probe.ts";

test("a full disk fails the deployment with its cause, harms nothing else, and is over once there is space", async () => {
  await using it = await Installation.start({ blobsMb: 4 });
  const app = it.app("one");
  const first = await it.deployAndFollow(app);
  expect(first.state).toBe("live");
  await using probe = new Probe(await it.address("one"), (body) => body === "v1");
  const ballast = join(app.folder, "ballast.bin");
  writeFileSync(ballast, randomBytes(6_000_000));
  const failed = await it.deployAndFollow(app);
  expect(failed).toMatchObject({ state: "failed", failure: { code: "disk-full", fix: expect.any(String) } });
  expect((await it.environment("one")).environment.live?.deploymentId).toBe(first.id);
  await expectNothingLeft(it, [first.releaseId ?? ""]);
  await probe.stop();
  expect(probe.failures).toEqual([]);
  rmSync(ballast);
  app.version = "v2";
  const second = await it.deployAndFollow(app);
  expect(second.state).toBe("live");
  await expectNothingLeft(it, [second.releaseId ?? ""]);
});
