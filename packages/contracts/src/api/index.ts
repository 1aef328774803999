export * from "./contract.ts";
export * from "./deployments.ts";
export * from "./live.ts";
export * from "./logs.ts";
export * from "./procedure.ts";
export * from "./projects.ts";
export * from "./system.ts";
export * from "./views.ts";
