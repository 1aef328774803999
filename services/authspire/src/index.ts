export * from "./activity.ts";
export * from "./credentials.ts";
export * from "./local-team.ts";
