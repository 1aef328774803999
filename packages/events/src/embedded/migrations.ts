/** The schema of the embedded bus's file, step by step. Never change a step that was released: add one. */
export const migrations: readonly string[] = [
  `CREATE TABLE groups (name TEXT NOT NULL, topic TEXT NOT NULL, joined_at INTEGER NOT NULL, PRIMARY KEY (name, topic)) WITHOUT ROWID;
   CREATE TABLE deliveries (
     position INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0, published_at INTEGER NOT NULL
   );
   CREATE INDEX deliveries_of_group ON deliveries (name, position);
   CREATE TABLE dead_letters (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, event TEXT NOT NULL, error TEXT NOT NULL, attempts INTEGER NOT NULL, failed_at TEXT NOT NULL
   ) WITHOUT ROWID;`,
];
