export * from "./bus.ts";
export { openEmbeddedBus } from "./embedded/embedded-bus.ts";
export * from "./new-event.ts";
export * from "./relay.ts";
