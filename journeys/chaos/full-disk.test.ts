import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Installation } from "../support/installation.ts";
import { expectNothingLeft } from "../support/invariants.ts";
import { Probe } from "../support/probe.ts";

test("a full disk fails the deployment with its cause, harms nothing else, and is over once there is space", async () => {
  await using it = await Installation.start({ smallDisk: { part: "blobs", mb: 4 } });
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

/** What a person sees of a deployment while that folder is full. */
const parts = [
  { part: "work", mb: 60, what: "failed" },
  { part: "logs", mb: 4, what: "failed" },
  { part: "keeper", mb: 8, what: "live" },
  { part: "apps", mb: 8, what: "failed" },
] as const;

test.each(parts)(
  "with the disk under $part full the app goes on, and deploying does once there is space",
  async ({ part, mb, what }) => {
    await using it = await Installation.start({ smallDisk: { part, mb } });
    const app = it.app("one");
    const first = await it.deployAndFollow(app);
    expect(first.state).toBe("live");
    await using probe = new Probe(await it.address("one"), (body) => body.startsWith("v"));
    await it.fillDisk();
    app.version = "v2";
    const second = await it.deployAndFollow(app);
    it.freeDisk();
    app.version = "v3";
    const third = await it.deployAndFollow(app);
    expect(third.state).toBe("live");
    await probe.stop();
    expect(probe.failures).toEqual([]);
    await expectNothingLeft(it, [third.releaseId ?? ""]);
    expect(second).toMatchObject(
      what === "live"
        ? { state: "live" }
        : { state: "failed", failure: { code: "disk-full", fix: expect.any(String) } },
    );
  },
);

test("with the disk under secrets full the old values stay, and a new one is taken whole or not at all", async () => {
  await using it = await Installation.start({ smallDisk: { part: "secrets", mb: 2 } });
  const app = it.app("one");
  await it.project(app);
  const of = { project: "one", environment: "production" };
  const versions = async () => (await it.environment("one")).environment.secrets;
  await it.client.environments.configure({ ...of, secrets: { FIRST: { value: "one" } } });
  const before = await versions();
  await it.fillDisk();
  const two = { ...of, secrets: { FIRST: { value: "two" }, SECOND: { value: "two" } } };
  await expect(it.client.environments.configure(two)).rejects.toMatchObject({ code: "disk-full" });
  expect(await versions()).toEqual(before);
  it.freeDisk();
  await it.client.environments.configure(two);
  expect(Object.keys(await versions())).toEqual(["FIRST", "SECOND"]);
  expect((await it.deployAndFollow(app)).state).toBe("live");
});
