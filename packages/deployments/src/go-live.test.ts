import type { Stored } from "@cloudsmith/store";
import { expect, test } from "vitest";
import { goLiveCommit } from "./go-live.ts";
import { retryOnConflict } from "./retry-on-conflict.ts";
import { World } from "./testing/world.ts";

async function goLive(world: World, candidate: Awaited<ReturnType<World["candidate"]>>): Promise<string> {
  return retryOnConflict(async () => {
    const { commit, outcome } = await goLiveCommit(
      world.store,
      await world.deployment(candidate.deployment.value.id),
      candidate.release,
      world.clock.now(),
    );
    await world.store.commit(commit);
    return outcome;
  });
}

const releaseOf = async (world: World, stored: Stored<"release">) =>
  (await world.store.get("release", { teamId: world.teamId, id: stored.value.id }))?.value;

test("the live pointer moves and the predecessor retires", async () => {
  await using world = await World.open();
  const first = await world.candidate();
  expect(await goLive(world, first)).toBe("live");
  const second = await world.candidate();
  expect(await goLive(world, second)).toBe("live");
  expect((await world.environment()).value.live).toEqual({
    deploymentId: second.deployment.value.id,
    releaseId: second.release.value.id,
    sequence: 2,
  });
  expect(await releaseOf(world, first.release)).toMatchObject({
    desired: "stopped",
    retiredAt: world.clock.now().toISOString(),
  });
  expect(await releaseOf(world, second.release)).toMatchObject({ desired: "running", retiredAt: null });
  expect((await world.deployment(first.deployment.value.id)).value.state).toBe("live");
});

test("an old one that finishes after a newer one is live ends superseded, and its release retires", async () => {
  await using world = await World.open();
  const old = await world.candidate();
  const fresh = await world.candidate();
  expect(await goLive(world, fresh)).toBe("live");
  expect(await goLive(world, old)).toBe("superseded");
  expect((await world.environment()).value.live?.sequence).toBe(2);
  expect((await world.deployment(old.deployment.value.id)).value).toMatchObject({
    state: "superseded",
    supersededBy: fresh.deployment.value.id,
  });
  expect((await releaseOf(world, old.release))?.retiredAt).not.toBeNull();
  expect((await releaseOf(world, fresh.release))?.retiredAt).toBeNull();
});

test("two that go live at the same moment leave the newer one live and one release running", async () => {
  await using world = await World.open();
  const candidates = [await world.candidate(), await world.candidate(), await world.candidate()];
  await Promise.all(candidates.map((each) => goLive(world, each)));
  expect((await world.environment()).value.live?.sequence).toBe(3);
  const current = await world.store.scan("currentReleases", {});
  expect(current.items.map((item) => item.value.sequence)).toEqual([3]);
});

test("one whose environment is gone does not go live", async () => {
  await using world = await World.open();
  const candidate = await world.candidate();
  const { value } = await world.environment();
  await world.store.commit({ deletes: [{ entity: "environment", value, if: "present" }] });
  expect(await goLive(world, candidate)).toBe("superseded");
});

test("a release that was retired meanwhile does not go live", async () => {
  await using world = await World.open();
  const candidate = await world.candidate();
  const retiredAt = world.clock.now().toISOString();
  const value = { ...candidate.release.value, desired: "stopped" as const, retiredAt };
  await world.store.commit({ puts: [{ entity: "release", value, if: "present" }] });
  expect(await goLive(world, { ...candidate, release: { value, version: 2 } })).toBe("superseded");
  expect((await world.environment()).value.live).toBeNull();
});
