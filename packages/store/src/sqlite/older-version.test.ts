import { tempDir } from "@cloudsmith/testkit";
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openSqliteStore } from "../index.ts";

/** A file that version 0.1.0 wrote with the first schema: three projects, each with a live release and a retired one. */
const schema1 = join(import.meta.dirname, "..", "..", "fixtures", "schema-1.db");

test("a database that an older version wrote is copied aside and then read in the new way, whole", async () => {
  await using dir = await tempDir();
  const file = dir.file("cloudsmith.db");
  await copyFile(schema1, file);
  const store = openSqliteStore({ file });
  const { items: projects } = await store.list("projectsOfTeam", { teamId: "team_local" });
  expect(projects.map(({ value }) => value.name).toSorted()).toEqual(["one", "three", "two"]);
  const { items: current } = await store.scan("currentReleases", {});
  expect(current).toHaveLength(3);
  for (const { value } of current) {
    const { items } = await store.scan("currentReleases", { environmentId: value.environmentId }, { limit: 1 });
    expect(items.map((each) => each.value.id)).toEqual([value.id]);
  }
  await store.close();
  const [backup, ...others] = (await readdir(dir.path)).filter((name) => name.includes(".backup-v1-"));
  expect(others).toEqual([]);
  const before = new DatabaseSync(dir.file(backup ?? ""), { readOnly: true });
  expect(before.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
  expect(before.prepare("SELECT count(*) AS n FROM items").get()).toEqual({ n: 12 });
  before.close();
});

test("what was migrated is not migrated again, and of many backups the newest three are kept", async () => {
  await using dir = await tempDir();
  const file = dir.file("cloudsmith.db");
  await copyFile(schema1, file);
  for (const name of ["v1-2020", "v1-2021", "v1-2022", "v1-2023"]) await copyFile(schema1, `${file}.backup-${name}`);
  await openSqliteStore({ file }).close();
  await openSqliteStore({ file }).close();
  const backups = (await readdir(dir.path)).filter((name) => name.includes(".backup-")).toSorted();
  expect(backups).toEqual([
    "cloudsmith.db.backup-v1-2022",
    "cloudsmith.db.backup-v1-2023",
    expect.stringMatching(/backup-v1-20[2-9]\d-\d\d-\d\dT/),
  ]);
});

test("programs that were signed in before bearer values rotated stay so; browsers sign in again", async () => {
  await using dir = await tempDir();
  const file = dir.file("cloudsmith.db");
  const at = "2026-11-01T00:00:00.000Z";
  const token = {
    teamId: "team_local",
    userId: "user_local",
    name: "x",
    hash: "x",
    rotation: null,
    createdAt: at,
    lastUsedAt: at,
    expiresAt: null,
  };
  const older = openSqliteStore({ file });
  for (const kind of ["token", "session"] as const)
    await older.commit({ puts: [{ entity: "apiToken", value: { ...token, id: kind, kind }, if: "absent" }] });
  await older.close();
  const database = new DatabaseSync(file);
  database.exec("UPDATE items SET value = json_remove(value, '$.rotation'); PRAGMA user_version = 2");
  database.close();
  const store = openSqliteStore({ file });
  const left = await store.get("apiToken", { teamId: "team_local", id: "token" });
  expect(left?.value).toEqual({ ...token, id: "token", kind: "token" });
  expect(await store.get("apiToken", { teamId: "team_local", id: "session" })).toBeUndefined();
  await store.close();
});
