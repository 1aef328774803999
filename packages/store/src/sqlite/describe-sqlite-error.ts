import { CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What an error of SQLite means to a person: `database-damaged` with the newest backup, `disk-full`, `locked`; else as toCloudSmithError. */
export function describeSqliteError(error: unknown, file: string): CloudSmithError {
  const text = error instanceof Error ? error.message : "";
  if (/malformed|not a database|database corruption/i.test(text)) {
    const backup = newestBackup(file);
    return new CloudSmithError("database-damaged", "The database is damaged", {
      why: `${file}: ${text}`,
      fix:
        backup === undefined
          ? `Stop CloudSmith and put a copy of ${file} from your own backup in its place; or move it away to start empty`
          : `Stop CloudSmith, move ${file} away and copy ${backup} in its place`,
      cause: error,
    });
  }
  if (/database is locked|database table is locked/i.test(text)) {
    return new CloudSmithError("locked", "Another process keeps the database busy", {
      why: `${file}: ${text}`,
      fix: "Wait for the other CloudSmith command to end, then try again",
      cause: error,
    });
  }
  return toCloudSmithError(error);
}

/** Backups end in their time, so that the last by name within a schema is the newest. */
function newestBackup(file: string): string | undefined {
  try {
    const prefix = `${basename(file)}.backup-v`;
    const schema = (name: string): number => Number.parseInt(name.slice(prefix.length), 10);
    const names = readdirSync(dirname(file)).filter((name) => name.startsWith(prefix));
    const newest = names.sort((a, b) => schema(a) - schema(b) || (a < b ? -1 : 1)).at(-1);
    return newest === undefined ? undefined : join(dirname(file), newest);
  } catch {
    // The folder cannot be read either; the error itself is what the person must see.
    return undefined;
  }
}
