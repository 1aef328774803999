import { CloudSmithError } from "@cloudsmith/contracts";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describeSqliteError } from "./describe-sqlite-error.ts";

/**
 * Opens a SQLite file in WAL mode and brings its schema up to date; `PRAGMA user_version` counts the migrations taken. A newer file is
 * refused (`database-newer`); an older one is copied to `<file>.backup-v<N>-<time>`, then migrated in one transaction; a damaged one is refused (`database-damaged`).
 */
export function openDatabase(file: string, migrations: readonly string[]): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const isNew = !existsSync(file);
  let database: DatabaseSync | undefined;
  try {
    // The timeout is how long a commit waits for one of another process, such as `doctor` beside the agent.
    database = new DatabaseSync(file, { timeout: 5000 });
    if (isNew) {
      // Takes hold before the first table only; giveBackSpace brings it to older files.
      database.exec("PRAGMA auto_vacuum = INCREMENTAL");
      restrict(file);
    }
    // FULL, since effects outside follow from a commit and the commit must outlive a power cut: NORMAL would lose the last ones then.
    // (A killed process loses nothing either way.) It costs one fsync a commit, about 0.1 to 1 ms on an SSD.
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000",
    );
    migrate(database, file, migrations);
    return database;
  } catch (error) {
    database?.close();
    throw describeSqliteError(error, file);
  }
}

/** Pages given back in one turn, of 4 KiB: a commit that comes in between waits a few milliseconds at most. */
const pagesAtOnce = 256;
const incremental = 2;

/**
 * Makes the file as small as what stands in it, piece by piece: SQLite keeps the pages of what was deleted for later. A file of a
 * version that could not do that is written anew, once and in one go; where another process reads it or the disk is full, another time.
 */
export async function giveBackSpace(database: DatabaseSync): Promise<void> {
  if (database.prepare("PRAGMA auto_vacuum").get()?.["auto_vacuum"] !== incremental) {
    try {
      database.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
    } catch {
      return;
    }
  }
  const free = (): number => Number(database.prepare("PRAGMA freelist_count").get()?.["freelist_count"]);
  for (let before = free(); before > 0; await nextTurn()) {
    database.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
    const left = free();
    if (left >= before) return;
    before = left;
  }
  // The log beside the file is as long as its longest moment until it is cut.
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

function migrate(database: DatabaseSync, file: string, migrations: readonly string[]): void {
  const found = schemaOf(database);
  if (found > migrations.length) throw tooNew(file, found, migrations.length);
  if (found === migrations.length) return;
  if (found > 0) backUp(database, file, found);
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have migrated while this one waited for the lock.
    for (const step of migrations.slice(schemaOf(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function schemaOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}

function backUp(database: DatabaseSync, file: string, schema: number): void {
  const backup = `${file}.backup-v${schema}-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  database.prepare("VACUUM INTO ?").run(backup);
  restrict(backup);
  removeOlderBackups(file);
}

/** Backups of a migration that are kept; their names are ordered by version and time. */
const keptBackups = 3;

function removeOlderBackups(file: string): void {
  const prefix = `${basename(file)}.backup-v`;
  const versionOf = (name: string): number => Number.parseInt(name.slice(prefix.length), 10);
  const found = readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix))
    .sort((a, b) => versionOf(a) - versionOf(b) || (a < b ? -1 : 1));
  for (const name of found.slice(0, -keptBackups)) rmSync(join(dirname(file), name), { force: true });
}

/** Only the person who runs CloudSmith may read it. Windows keeps that by the folder's own rights. */
function restrict(file: string): void {
  if (process.platform !== "win32") chmodSync(file, 0o600);
}

function tooNew(file: string, found: number, known: number): CloudSmithError {
  return new CloudSmithError("database-newer", "The database was written by a newer CloudSmith", {
    why: `${file} has schema ${found}, this version knows ${known}`,
    fix: "Install the newer version again, or restore a backup from beside the database",
  });
}
