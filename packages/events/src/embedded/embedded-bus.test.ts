import { tempDir } from "@cloudsmith/testkit";
import { busConformance } from "../conformance.ts";
import { openEmbeddedBus } from "./embedded-bus.ts";

busConformance("the embedded bus", async () => {
  const dir = await tempDir();
  return {
    open: async () => openEmbeddedBus({ file: dir.file("events.db") }),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
});
