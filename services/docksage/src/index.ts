export * from "./docksage.ts";
export * from "./targets/local/local-target.ts";
export * from "./targets/target.ts";
export { connectKeeper, type Keeper } from "./targets/local/keeper-client.ts";
