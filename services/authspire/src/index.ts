export * from "./activity.ts";
export * from "./credentials.ts";
export * from "./github/manifest.ts";
export * from "./github/sign-in.ts";
export * from "./github/tokens.ts";
export * from "./local-team.ts";
