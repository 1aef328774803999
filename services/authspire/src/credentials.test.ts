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

/** Shows a session's value and gives what a browser holds afterwards. */
async function browse(desk: Desk, value: string): Promise<string | undefined> {
  const identity = await desk.credentials.identify(value);
  return identity === undefined ? undefined : (identity.renewed ?? value);
}

test("a session's value is replaced while it is used, so that a copy is soon worth nothing", async () => {
  await using desk = await Desk.open();
  const { value: first } = await desk.issue("session");
  desk.ms += 599_000;
  expect(await browse(desk, first)).toBe(first);
  desk.ms += 2000;
  const second = await browse(desk, first);
  expect(second).not.toBe(first);
  expect(await browse(desk, second ?? "")).toBe(second);
  desk.ms += 59_000;
  // A request that was on its way.
  expect(await browse(desk, first)).toBe(first);
});

test("a new value that got lost on its way signs nobody out: the old one is good until the new one is seen", async () => {
  await using desk = await Desk.open();
  const { value } = await desk.issue("session");
  desk.ms += 601_000;
  const lost = await browse(desk, value);
  expect(lost).not.toBe(value);
  expect(await browse(desk, value)).toBe(value);
  desk.ms += 61_000;
  const again = await browse(desk, value);
  expect(again).not.toBe(lost);
  expect(await browse(desk, again ?? "")).toBe(again);
});

test("two requests at the moment of the change both go on, with one new value", async () => {
  await using desk = await Desk.open();
  const { value } = await desk.issue("session");
  desk.ms += 601_000;
  const both = await Promise.all([desk.credentials.identify(value), desk.credentials.identify(value)]);
  expect(both.every((each) => each !== undefined)).toBe(true);
  const given = both.map((each) => each?.renewed).filter((each) => each !== undefined);
  expect(given).toHaveLength(1);
  expect(await browse(desk, given[0] ?? "")).toBe(given[0]);
});

test("a value that was replaced long ago ends the session for whoever holds it", async () => {
  await using desk = await Desk.open();
  const { value: copied } = await desk.issue("session");
  desk.ms += 601_000;
  const current = (await browse(desk, copied)) ?? "";
  await browse(desk, current);
  desk.ms += 61_000;
  expect(await browse(desk, copied)).toBeUndefined();
  expect(await browse(desk, current)).toBeUndefined();
});

test("a session ends after 30 days however much it is used", async () => {
  await using desk = await Desk.open();
  let held: string | undefined = (await desk.issue("session")).value;
  let hours = 0;
  for (; held !== undefined && hours < 1000; hours += 6) {
    desk.ms += 6 * 3_600_000;
    held = await browse(desk, held);
  }
  expect(hours).toBe(30 * 24);
});

test("all sessions of a person end at once, and nobody else's, nor a program's token", async () => {
  await using desk = await Desk.open();
  const [one, two] = [await desk.issue("session"), await desk.issue("session")];
  const program = await desk.issue("token");
  const other = await desk.credentials.issue({
    kind: "session",
    name: "other",
    teamId: desk.teamId,
    userId: newId("user"),
  });
  expect(await desk.credentials.revokeSessions(desk, one.token.id)).toEqual([two.token.id]);
  expect(await browse(desk, two.value)).toBeUndefined();
  expect(await browse(desk, one.value)).toBe(one.value);
  await desk.credentials.revokeSessions(desk);
  expect(await browse(desk, one.value)).toBeUndefined();
  for (const { value } of [program, other]) expect(await browse(desk, value)).toBe(value);
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
  for (const value of values) expect(value.replace(/^[a-z]+_/, "").length).toBeGreaterThanOrEqual(43);
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
