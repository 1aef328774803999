// Publishes and handles events on an embedded bus until it is killed; tells what it published and handled, line by line.
import { openEmbeddedBus } from "./embedded/embedded-bus.ts";
import { auditEvent } from "./test-events.ts";

const [file = "", from = "0"] = process.argv.slice(2);
const bus = openEmbeddedBus({ file });
const keys = ["a", "b", "c"];
await bus.subscribe({
  group: "test",
  topics: ["cloudsmith.audit.v1"],
  signal: new AbortController().signal,
  handler: async (event) => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    process.stdout.write(`handled ${event.partitionkey} ${event.source}\n`);
  },
});
for (let n = Number(from); ; n++) {
  await bus.publish(keys.map((key) => auditEvent(key, String(n))));
  process.stdout.write(`published ${n}\n`);
  await new Promise<void>((resolve) => setImmediate(resolve));
}
