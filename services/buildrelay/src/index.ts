export * from "./buildrelay.ts";
export * from "./context.ts";
export * from "./runner.ts";
export * from "./runners/local.ts";
