import { CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Opens a SQLite file in WAL mode and brings its schema up to date. A newer file is refused (`database-newer`), an older one is
 * backed up beside itself before it is migrated in one transaction, a damaged one is refused (`database-damaged`).
 */
export function openDatabase(file: string, migrations: readonly string[]): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const isNew = !existsSync(file);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 5000 });
    if (isNew && process.platform !== "win32") chmodSync(file, 0o600);
    // FULL: a commit that was acknowledged survives a power cut, since effects outside follow from it.
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000",
    );
    migrate(database, file, migrations);
    return database;
  } catch (error) {
    database?.close();
    throw describe(error, file);
  }
}

function migrate(database: DatabaseSync, file: string, migrations: readonly string[]): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > migrations.length) {
    throw new CloudSmithError("database-newer", "The database was written by a newer CloudSmith", {
      why: `${file} has schema ${version}, this version knows ${migrations.length}`,
      fix: "Install the newer version again, or restore a backup from beside the database",
    });
  }
  if (version === migrations.length) return;
  if (version > 0)
    database
      .prepare("VACUUM INTO ?")
      .run(`${file}.backup-v${version}-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`);
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

function describe(error: unknown, file: string): CloudSmithError {
  const text = error instanceof Error ? error.message : "";
  if (/malformed|not a database/i.test(text)) {
    return new CloudSmithError("database-damaged", "The database is damaged", {
      why: `${file}: ${text}`,
      fix: `Stop CloudSmith, move the file away, and copy the newest backup beside it (${file}.backup-…) in its place`,
      cause: error,
    });
  }
  return toCloudSmithError(error);
}
