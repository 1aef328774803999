export * from "./docksage.ts";
export * from "./targets/local/local-target.ts";
export * from "./targets/target.ts";
