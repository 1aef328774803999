import { sharedServer, sharedServerTimeoutMs } from "@cloudsmith/testkit";
import { randomUUID } from "node:crypto";
import { beforeAll } from "vitest";
import { busConformance } from "../conformance.ts";
import { openKafkaBus } from "./kafka-bus.ts";

let broker: string;
beforeAll(async () => {
  broker = await sharedServer("kafka");
}, sharedServerTimeoutMs);

busConformance(
  "Kafka",
  async () => {
    const prefix = `${randomUUID().slice(0, 8)}.`;
    return {
      open: async () => openKafkaBus({ brokers: [broker], prefix, partitions: 3 }),
      // Its topics go with the broker.
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
  60_000,
);
