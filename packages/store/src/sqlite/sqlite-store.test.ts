import { CloudSmithError } from "@cloudsmith/contracts";
import { tempDir, waitFor, type TempDir } from "@cloudsmith/testkit";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { storeConformance } from "../conformance.ts";
import type { Stored, SystemStore } from "../store.ts";
import { claim, event, newTeam, source } from "../test-values.ts";
import { migrations } from "./migrations.ts";
import { openDatabase } from "./open-database.ts";
import { openSqliteStore, storeOn } from "./sqlite-store.ts";

storeConformance("SQLite", async () => {
  const dir = await tempDir();
  return {
    open: async () => openSqliteStore({ file: dir.file("store.db") }),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
});

describe("the SQLite file", () => {
  let dir: TempDir;
  let file: string;
  const team = newTeam();

  beforeEach(async () => {
    dir = await tempDir();
    file = dir.file("data", "store.db");
  });
  afterEach(() => dir[Symbol.asyncDispose]());

  const listAll = async (store: SystemStore, scope: string): Promise<Stored<"claim">[]> => {
    const items: Stored<"claim">[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list(
        "claimsOfScope",
        { teamId: team, scope },
        { limit: 1000, ...(cursor && { cursor }) },
      );
      items.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return items;
  };
  const putA = { puts: [{ entity: "claim", value: claim(team, "a"), if: "any" }] } as const;

  test("is readable for its owner only", async () => {
    const store = openSqliteStore({ file });
    await store.commit(putA);
    const modes = await Promise.all(
      ["", "-wal"].map(async (end) => ((await stat(`${file}${end}`)).mode & 0o777).toString(8)),
    );
    expect(modes).toEqual(["600", "600"]);
    expect(((await stat(dir.file("data"))).mode & 0o777).toString(8)).toBe("700");
    await store.close();
  });

  test(
    "a committing process that is killed leaves whole commits, and every one that it acknowledged",
    { timeout: 60_000 },
    async () => {
      const script = fileURLToPath(new URL("../test-commit-forever.ts", import.meta.url));
      for (let round = 1; round <= 3; round++) {
        const path = `${file}-${round}`;
        const child = spawn(process.execPath, [script, path, team], { stdio: ["ignore", "pipe", "inherit"] });
        try {
          let acknowledged = 0;
          child.stdout.on("data", (text: Buffer) => (acknowledged = Number(text.toString().trim().split("\n").at(-1))));
          await waitFor("some commits", () => acknowledged > 40 * round);
          child.kill("SIGKILL");
          await once(child, "close");
          const store = openSqliteStore({ file: path });
          const left = await listAll(store, "left");
          const expected = left.map((_, n) => String(n + 1).padStart(8, "0"));
          expect(left.length).toBeGreaterThanOrEqual(acknowledged);
          expect(left.map(({ value }) => value.name)).toEqual(expected);
          expect((await listAll(store, "right")).map(({ value }) => value.name)).toEqual(expected);
          const events = await store.outbox.pending(100_000);
          expect(events.map((entry) => entry.event.source)).toEqual(expected);
          await store.close();
        } finally {
          child.kill("SIGKILL");
        }
      }
    },
  );

  test("a full disk is said, keeps nothing of the commit, and the store goes on when there is room again", async () => {
    const database = openDatabase(file, migrations);
    // The bound stands for the disk's: SQLite gives the same error for both. It counts for one connection.
    const limit = (pages: number): void => database.exec(`PRAGMA max_page_count = ${pages}`);
    const store = storeOn(database, file);
    limit(40);
    await store.commit(putA);
    const big = source(team, "prj_0000", ["x".repeat(300_000)]);
    await expect(
      store.commit({
        ...putA,
        puts: [...putA.puts, { entity: "source", value: big, if: "absent" }],
        events: [event("k", "no")],
      }),
    ).rejects.toMatchObject({ code: "disk-full" });
    expect(await store.get("claim", claim(team, "a"))).toMatchObject({ version: 1 });
    expect(await store.outbox.pending(10)).toEqual([]);
    await store.commit(putA);
    limit(1_000_000);
    await store.commit({ puts: [{ entity: "source", value: big, if: "absent" }] });
    expect(await store.get("claim", claim(team, "a"))).toMatchObject({ version: 2 });
    await store.close();
  });

  test("a database of a newer version is refused and stays as it is", async () => {
    await openSqliteStore({ file }).close();
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    database.close();
    const before = await readFile(file);
    expect(() => openSqliteStore({ file })).toThrow(expect.objectContaining({ code: "database-newer" }));
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  test("a database of an older version is backed up, then migrated", async () => {
    const store = openSqliteStore({ file });
    await store.commit(putA);
    await store.close();
    const next = [...migrations, "ALTER TABLE items ADD COLUMN extra TEXT"];
    openDatabase(file, next).close();
    const database = openDatabase(file, next);
    expect(database.prepare("SELECT count(extra) AS n, count(*) AS items FROM items").get()).toEqual({
      n: 0,
      items: 1,
    });
    database.close();
    const backups = (await readdir(dir.file("data"))).filter((name) => name.includes(".backup-"));
    expect(backups).toEqual([expect.stringMatching(new RegExp(`^store\\.db\\.backup-v${migrations.length}-`))]);
    const restored = openSqliteStore({ file: dir.file("data", backups[0] ?? "") });
    expect(await restored.get("claim", claim(team, "a"))).toMatchObject({ version: 1 });
    await restored.close();
  });

  test("a migration that fails leaves the database as it was", async () => {
    const store = openSqliteStore({ file });
    await store.commit(putA);
    await store.close();
    expect(() => openDatabase(file, [...migrations, "ALTER TABLE items ADD COLUMN extra TEXT", "nonsense"])).toThrow();
    const again = openSqliteStore({ file });
    expect(await again.get("claim", claim(team, "a"))).toMatchObject({ version: 1 });
    await again.close();
  });

  test("a damaged file is refused with the backup to take; so is a file that is no database", async () => {
    await openSqliteStore({ file }).close();
    await copyFile(file, `${file}.backup-v1-2026-01-01T00-00-00-000Z`);
    await writeFile(file, "This is not a database, it is a text of more than a hundred bytes. ".repeat(40));
    const error = catchError(() => openSqliteStore({ file }));
    expect(error.code).toBe("database-damaged");
    expect(error.fix).toContain("store.db.backup-v1-2026-01-01");
    await writeFile(file, "");
    const fresh = openSqliteStore({ file });
    await fresh.commit(putA);
    await fresh.close();
  });

  test("damage that shows only later is said as such by reads and commits", async () => {
    const store = openSqliteStore({ file });
    for (let n = 0; n < 50; n++)
      await store.commit({ puts: [{ entity: "claim", value: claim(team, `n${n}`, "x".repeat(2000)), if: "any" }] });
    await store.close();
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xa5, Math.floor(bytes.length * 0.6)));
    const again = openSqliteStore({ file });
    await expect(listAll(again, "names")).rejects.toMatchObject({ code: "database-damaged" });
    await again.close();
  });

  test("two processes at work at once: each sees what the other committed", async () => {
    const [one, two] = [openSqliteStore({ file }), openSqliteStore({ file })];
    for (let n = 0; n < 20; n++)
      await Promise.all(
        [one, two].map(async (store, side) =>
          store.commit({ puts: [{ entity: "claim", value: claim(team, `${side}-${n}`), if: "absent" }] }),
        ),
      );
    expect(await listAll(one, "names")).toHaveLength(40);
    expect(await listAll(two, "names")).toEqual(await listAll(one, "names"));
    await one.close();
    await two.close();
  });

  test("items whose time has passed are gone once it is pruned, in pieces", async () => {
    const store = openSqliteStore({ file });
    const remembered = { teamId: team, group: "group", eventId: "evt_1" };
    for (let first = 1; first <= 1200; first += 90)
      await store.commit({
        puts: Array.from({ length: 90 }, (_, index) => ({
          entity: "processedEvent",
          value: { ...remembered, eventId: `evt_${first + index}` },
          if: "absent",
        })),
      });
    const database = new DatabaseSync(file);
    database.exec("UPDATE items SET expires_at = expires_at - 31 * 24 * 3600 WHERE sk <> 'evt_7'");
    await store.prune();
    expect(database.prepare("SELECT sk FROM items").all()).toEqual([{ sk: "evt_7" }]);
    expect(await store.get("processedEvent", remembered)).toBeUndefined();
    database.close();
    await store.close();
  });

  test.each(["a file of today", "a file of a version that kept its pages"])(
    "%s gets smaller after deletions",
    async (age) => {
      if (age !== "a file of today") {
        await mkdir(dirname(file));
        await copyFile(fileURLToPath(new URL("../../fixtures/schema-1.db", import.meta.url)), file);
      }
      const store = openSqliteStore({ file });
      const entry = { teamId: team, group: "x".repeat(1000), eventId: "evt" };
      for (let first = 0; first < 1800; first += 90)
        await store.commit({
          puts: Array.from({ length: 90 }, (_, index) => ({
            entity: "processedEvent",
            value: { ...entry, eventId: `evt_${first + index}` },
            if: "absent",
          })),
        });
      const database = new DatabaseSync(file);
      database.exec("UPDATE items SET expires_at = 1; PRAGMA wal_checkpoint(TRUNCATE)");
      database.close();
      const before = (await stat(file)).size;
      await store.prune();
      expect((await stat(file)).size).toBeLessThan(before / 4);
      await store.commit({ puts: [{ entity: "processedEvent", value: entry, if: "absent" }] });
      expect(await store.get("processedEvent", entry)).toBeDefined();
      await store.close();
    },
  );
});

function catchError(run: () => unknown): CloudSmithError {
  try {
    run();
  } catch (error) {
    if (error instanceof CloudSmithError) return error;
    throw error;
  }
  throw new Error("It did not throw");
}
