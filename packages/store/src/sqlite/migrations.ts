/** The database's schema, step by step; `PRAGMA user_version` says how many were taken. Never change a step that was released: add one. */
export const migrations: readonly string[] = [
  `CREATE TABLE items (
     pk TEXT NOT NULL, sk TEXT NOT NULL, entity TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL,
     parent_pk TEXT, parent_sk TEXT, due_pk TEXT, due_sk TEXT, expires_at INTEGER,
     PRIMARY KEY (pk, sk)
   ) WITHOUT ROWID;
   CREATE INDEX items_by_parent ON items (parent_pk, parent_sk, sk) WHERE parent_pk IS NOT NULL;
   CREATE INDEX items_due ON items (due_pk, due_sk, sk) WHERE due_pk IS NOT NULL;
   CREATE INDEX items_expiry ON items (expires_at) WHERE expires_at IS NOT NULL;
   CREATE TABLE outbox (position INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);`,
  // Current releases stand by their environment, so that those of one are found without reading all.
  `UPDATE items SET due_sk = json_extract(value, '$.environmentId') || '#' || json_extract(value, '$.id') WHERE due_pk = 'current-releases';`,
  // Bearer values got a half that changes; sessions that have none end, programs' tokens say that they have none.
  `DELETE FROM items WHERE entity = 'apiToken' AND json_extract(value, '$.kind') = 'session' AND json_type(value, '$.rotation') IS NULL;
   UPDATE items SET value = json_set(value, '$.rotation', NULL) WHERE entity = 'apiToken' AND json_type(value, '$.rotation') IS NULL;`,
];
