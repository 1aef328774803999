import { newId, type SecretVersion } from "@cloudsmith/contracts";
import { expect, test } from "vitest";
import { digest, found, World } from "./testing/world.ts";

test("each request takes the next sequence of its environment", async () => {
  await using world = await World.open();
  const first = await world.request();
  const second = await world.request();
  expect([first.sequence, second.sequence]).toEqual([1, 2]);
  expect((await world.environment()).value.sequence).toBe(2);
  expect(await world.timeline(first.id)).toEqual([
    "Deployment requested",
    "Superseded by deployment 2 before it began",
  ]);
});

test("twenty requests at the same moment take twenty sequences and leave one waiting", async () => {
  await using world = await World.open();
  const all = await Promise.all(Array.from({ length: 10 }, () => world.request()));
  expect(all.map((each) => each.sequence).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const states = await Promise.all(all.map(async (each) => (await world.deployment(each.id)).value));
  expect(states.filter((each) => each.state === "queued").map((each) => each.sequence)).toEqual([10]);
  expect(states.filter((each) => each.state === "superseded")).toHaveLength(9);
});

test("one that is under way is not superseded by a newer request", async () => {
  await using world = await World.open();
  const first = await world.request();
  await world.put(first.id, { state: "building" });
  await world.request();
  expect((await world.deployment(first.id)).value.state).toBe("building");
});

test("the same key asks once, also at the same moment", async () => {
  await using world = await World.open();
  const answers = await Promise.all(Array.from({ length: 6 }, () => world.request({ requestKey: "push-1" })));
  expect(new Set(answers.map((each) => each.id)).size).toBe(1);
  expect((await world.environment()).value.sequence).toBe(1);
  expect((await world.request({ requestKey: "push-2" })).sequence).toBe(2);
});

test("a snapshot keeps the configuration of the request", async () => {
  await using world = await World.open();
  await world.changeEnvironment({ variables: { COLOR: { value: "red", scope: "both" } } });
  const deployment = await world.request();
  await world.changeEnvironment({ variables: { COLOR: { value: "blue", scope: "both" } } });
  const snapshot = await world.store.get("snapshot", { teamId: world.teamId, id: deployment.snapshotId });
  expect(snapshot?.value.variables).toEqual({ COLOR: { value: "red", scope: "both" } });
});

test("events tell what to do next: build it, or release what was built", async () => {
  await using world = await World.open();
  const built = await world.put((await world.request()).id, { artifact: digest, state: "live" });
  await world.request({ trigger: "rollback", reuse: { deployment: built.value, what: "artifact" } });
  const types = (await world.store.outbox.pending(100)).map(({ event }) => event.type);
  expect(types).toEqual(["deployment.changed", "deployment.queued", "deployment.changed", "deployment.built"]);
});

test("a rollback runs the old artifact with the old configuration and pauses automatic deployments", async () => {
  await using world = await World.open();
  await world.changeEnvironment({ variables: { COLOR: { value: "red", scope: "both" } } });
  const first = await world.put((await world.request()).id, { artifact: digest, state: "live", commit: null });
  await world.changeEnvironment({ variables: { COLOR: { value: "blue", scope: "both" } }, desired: "stopped" });
  const rollback = await world.request({
    trigger: "rollback",
    reuse: { deployment: first.value, what: "artifact" },
  });
  expect(rollback).toMatchObject({ artifact: digest, buildReused: true, reuses: first.value.id, sequence: 2 });
  const snapshot = await world.store.get("snapshot", { teamId: world.teamId, id: rollback.snapshotId });
  expect(snapshot?.value.variables["COLOR"]?.value).toBe("red");
  expect((await world.environment()).value).toMatchObject({ automaticDeployments: "paused", desired: "running" });
});

test("a rollback names the successor of a secret that was revoked, and says so", async () => {
  await using world = await World.open();
  const [old, fresh, gone, kept] = Array.from({ length: 4 }, () => newId("secretVersion"));
  const at = world.clock.now().toISOString();
  const { value: environment } = await world.environment();
  const version = (id: string | undefined, name: string, over: Partial<SecretVersion>): SecretVersion => ({
    id: found(id),
    teamId: world.teamId,
    environmentId: environment.id,
    name,
    createdAt: at,
    createdBy: { type: "user", id: "user_test", name: "Ada" },
    revokedAt: null,
    successor: null,
    ...over,
  });
  const versions = [
    version(old, "TOKEN", { revokedAt: at, successor: found(fresh) }),
    version(fresh, "TOKEN", {}),
    version(gone, "OLD_KEY", { revokedAt: at }),
    version(kept, "KEPT", {}),
  ];
  await world.store.commit({
    puts: versions.map((value) => ({ entity: "secretVersion" as const, value, if: "absent" as const })),
  });
  await world.changeEnvironment({
    secrets: {
      TOKEN: { version: found(old), scope: "run" },
      OLD_KEY: { version: found(gone), scope: "run" },
      KEPT: { version: found(kept), scope: "run" },
    },
  });
  const first = await world.put((await world.request()).id, { artifact: digest, state: "live" });
  const rollback = await world.request({ trigger: "rollback", reuse: { deployment: first.value, what: "artifact" } });
  const snapshot = await world.store.get("snapshot", { teamId: world.teamId, id: rollback.snapshotId });
  expect(snapshot?.value.secrets).toEqual({
    TOKEN: { version: fresh, scope: "run" },
    KEPT: { version: kept, scope: "run" },
  });
  expect(rollback.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "secret-replaced: TOKEN was revoked since; its successor is used",
    "secret-removed: OLD_KEY was revoked since and has no successor; it is not set",
  ]);
});

test("a project that is being destroyed or is gone takes no deployment", async () => {
  await using world = await World.open();
  await world.store.commit({
    puts: [{ entity: "project", value: { ...world.project, state: "destroying" }, if: "present" }],
  });
  await expect(world.request()).rejects.toMatchObject({ code: "conflict", message: "shop is being destroyed" });
  await world.store.commit({ deletes: [{ entity: "project", value: world.project, if: "present" }] });
  await expect(world.request()).rejects.toMatchObject({ code: "not-found" });
});

test("a team's environment cannot be deployed to by another team's id", async () => {
  await using world = await World.open();
  const { value } = await world.environment();
  await expect(world.request({ environment: { id: value.id, teamId: newId("team") } })).rejects.toMatchObject({
    code: "not-found",
  });
});
