export * from "./entities.ts";
export * from "./patterns.ts";
export * from "./store.ts";
export { openSqliteStore } from "./sqlite/sqlite-store.ts";
