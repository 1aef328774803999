import { newId } from "@cloudsmith/contracts";
import { openSqliteStore, type SystemStore } from "@cloudsmith/store";
import { tempDir } from "@cloudsmith/testkit";
import { readFile, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { Credentials } from "./credentials.ts";
import { ensureLocalTeam, localTeam, roleOf } from "./local-team.ts";

class Desk implements AsyncDisposable {
  ms = Date.parse("2030-01-01T00:00:00.000Z");
  readonly teamId = newId("team");
  readonly userId = newId("user");
  readonly store: SystemStore;
  readonly credentials: Credentials;
  readonly folder: string;
  readonly #remove: () => Promise<void>;

  private constructor(folder: string, remove: () => Promise<void>) {
    this.folder = folder;
    this.store = openSqliteStore({ file: `${folder}/store.sqlite` });
    this.credentials = new Credentials(this.store, () => new Date(this.ms));
    this.#remove = remove;
  }

  static async open(): Promise<Desk> {
    const dir = await tempDir();
    return new Desk(dir.path, async () => dir[Symbol.asyncDispose]());
  }

  issue(kind: "code" | "session" | "token", name: string = kind) {
    return this.credentials.issue({ kind, name, teamId: this.teamId, userId: this.userId });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
    await this.#remove();
  }
}

test("a code is good for one session, and for one use also when two come at the same moment", async () => {
  await using desk = await Desk.open();
  const { value } = await desk.issue("code");
  const both = await Promise.allSettled([
    desk.credentials.redeem(value, "Firefox"),
    desk.credentials.redeem(value, "Firefox"),
  ]);
  expect(both.map((each) => each.status).sort()).toEqual(["fulfilled", "rejected"]);
  const won = both.find((each) => each.status === "fulfilled");
  expect(await desk.credentials.identify(won?.value.value ?? "")).toMatchObject({
    teamId: desk.teamId,
    userId: desk.userId,
    token: { kind: "session", name: "Firefox" },
  });
  await expect(desk.credentials.redeem(value, "again")).rejects.toMatchObject({ code: "not-signed-in" });
});

test("a code works up to 60 seconds and no longer", async () => {
  await using desk = await Desk.open();
  const [one, two] = [await desk.issue("code"), await desk.issue("code")];
  desk.ms += 59_999;
  await desk.credentials.redeem(one.value, "in time");
  desk.ms += 1;
  await expect(desk.credentials.redeem(two.value, "late")).rejects.toMatchObject({ code: "not-signed-in" });
});

test("a code is no bearer value, and a session or token is no code", async () => {
  await using desk = await Desk.open();
  const { value } = await desk.issue("code");
  expect(await desk.credentials.identify(value)).toBeUndefined();
  for (const kind of ["session", "token"] as const) {
    const issued = await desk.issue(kind);
    await expect(desk.credentials.redeem(issued.value, "no")).rejects.toMatchObject({ code: "not-signed-in" });
  }
});

test("a session that is used slides on, one that is not ends after 12 hours", async () => {
  await using desk = await Desk.open();
  const used = await desk.issue("session");
  const idle = await desk.issue("session");
  for (let hours = 0; hours < 20; hours++) {
    desk.ms += 3_600_000;
    expect(await desk.credentials.identify(used.value)).toBeDefined();
  }
  expect(await desk.credentials.identify(idle.value)).toBeUndefined();
  expect((await desk.credentials.list(desk.teamId)).map((token) => token.id)).toEqual([used.token.id]);
  desk.ms += 12 * 3_600_000;
  expect(await desk.credentials.identify(used.value)).toBeUndefined();
});

test("a token does not end by itself, and one that is revoked ends at once", async () => {
  await using desk = await Desk.open();
  const { value, token } = await desk.issue("token");
  desk.ms += 400 * 24 * 3_600_000;
  expect(await desk.credentials.identify(value)).toBeDefined();
  await desk.credentials.revoke(desk.teamId, token.id);
  expect(await desk.credentials.identify(value)).toBeUndefined();
  await expect(desk.credentials.revoke(desk.teamId, token.id)).rejects.toMatchObject({ code: "not-found" });
});

test("another team can neither see nor revoke a session", async () => {
  await using desk = await Desk.open();
  const { value, token } = await desk.issue("session");
  const stranger = newId("team");
  await expect(desk.credentials.revoke(stranger, token.id)).rejects.toMatchObject({ code: "not-found" });
  expect(await desk.credentials.list(stranger)).toEqual([]);
  expect(await desk.credentials.identify(value)).toBeDefined();
});

test("values have 256 random bits and are nowhere in what is stored", async () => {
  await using desk = await Desk.open();
  const values = [];
  for (const kind of ["code", "session", "token"] as const) values.push((await desk.issue(kind)).value);
  for (const value of values) expect(value.replace(/^[a-z]+_/, "")).toHaveLength(43);
  for (const name of await readdir(desk.folder)) {
    const bytes = await readFile(`${desk.folder}/${name}`, "latin1");
    for (const value of values) expect(bytes.includes(value)).toBe(false);
  }
});

test("what has ended is cleared away, so that codes nobody used do not pile up", async () => {
  await using desk = await Desk.open();
  for (let n = 0; n < 30; n++) await desk.issue("code");
  desk.ms += 61_000;
  for (let n = 0; n < 5; n++) await desk.issue("code");
  const page = await desk.store.list("tokensOfTeam", { teamId: desk.teamId }, { limit: 1000 });
  expect(page.items).toHaveLength(5);
});

test("the local team is made once, with its owner", async () => {
  await using desk = await Desk.open();
  await Promise.all([ensureLocalTeam(desk.store, "ada", new Date(0)), ensureLocalTeam(desk.store, "ada", new Date(0))]);
  expect(await roleOf(desk.store, localTeam)).toBe("owner");
  expect(await roleOf(desk.store, { ...localTeam, userId: "user_stranger" })).toBeUndefined();
});
