import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes the lock of a keeper's folder for the life of this process; null when another process holds it. An exclusive SQLite
 * transaction is a lock that the system itself drops when its holder dies, on every platform, with no race on a stale file.
 */
export function lockFolder(folder: string): Disposable | null {
  const database = new DatabaseSync(join(folder, "lock.db"));
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch {
    database.close();
    return null;
  }
  return { [Symbol.dispose]: () => database.close() };
}
