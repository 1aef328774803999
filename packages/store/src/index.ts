export * from "./entities.ts";
export * from "./patterns.ts";
export * from "./store.ts";
