import { newEvent } from "@cloudsmith/events";
import { newId } from "@cloudsmith/contracts";
import { expect, test } from "vitest";
import { once } from "./once.ts";
import { World } from "./testing/world.ts";

function effect(world: World) {
  const { teamId } = world;
  const value = {
    id: newId("activity"),
    teamId,
    at: world.clock.now().toISOString(),
    actor: { type: "system" as const, id: "test", name: "test" },
    action: "handled",
    projectId: null,
    subject: "event",
    detail: "",
  };
  return { puts: [{ entity: "activity" as const, value, if: "absent" as const }] };
}

const count = async (world: World): Promise<number> =>
  (await world.store.list("activityOfTeam", { teamId: world.teamId })).items.length;

const anEvent = (world: World) =>
  newEvent("project.changed", { teamId: world.teamId, projectId: world.project.id }, { partitionkey: "p" });

test("an event that comes again has its effect once in each group", async () => {
  await using world = await World.open();
  const event = anEvent(world);
  for (let n = 0; n < 3; n++) await once(world.store, "one", event, () => Promise.resolve(effect(world)));
  expect(await count(world)).toBe(1);
  await once(world.store, "two", event, () => Promise.resolve(effect(world)));
  expect(await count(world)).toBe(2);
});

test("an event that comes twice at the same moment has its effect once", async () => {
  await using world = await World.open();
  const event = anEvent(world);
  const both = Promise.withResolvers<void>();
  let deciding = 0;
  await Promise.all(
    [1, 2].map(() =>
      once(world.store, "one", event, async () => {
        deciding += 1;
        if (deciding === 2) both.resolve();
        await both.promise;
        return effect(world);
      }),
    ),
  );
  expect(deciding).toBe(2);
  expect(await count(world)).toBe(1);
});

test("a decision that lost a race is made again", async () => {
  await using world = await World.open();
  let tries = 0;
  await once(world.store, "one", anEvent(world), async () => {
    tries += 1;
    const { value, version } = await world.environment();
    if (tries === 1) await world.changeEnvironment({ sequence: 7 });
    return { puts: [{ entity: "environment", value: { ...value, host: "changed" }, if: { version } }] };
  });
  expect(tries).toBe(2);
  expect((await world.environment()).value).toMatchObject({ sequence: 7, host: "changed" });
});

test("a handler that throws leaves the event unhandled, so that it is tried again", async () => {
  await using world = await World.open();
  const event = anEvent(world);
  await expect(once(world.store, "one", event, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await once(world.store, "one", event, () => Promise.resolve(effect(world)));
  expect(await count(world)).toBe(1);
});
