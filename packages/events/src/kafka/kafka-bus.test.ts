import { newId } from "@cloudsmith/contracts";
import { openSqliteStore } from "@cloudsmith/store";
import { sharedServer, sharedServerTimeoutMs, startKafka, tempDir, waitFor } from "@cloudsmith/testkit";
import { Kafka, logLevel, Partitioners, type KafkaMessage } from "kafkajs";
import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { EventBus } from "../bus.ts";
import { busConformance } from "../conformance.ts";
import { startRelay } from "../relay.ts";
import { auditEvent, quickRetries } from "../test-events.ts";
import { openKafkaBus } from "./kafka-bus.ts";

let broker: string;
beforeAll(async () => {
  broker = await sharedServer("kafka");
}, sharedServerTimeoutMs);

const newPrefix = (): string => `${randomUUID().slice(0, 8)}.`;

busConformance(
  "Kafka",
  async () => {
    const prefix = newPrefix();
    return {
      open: async () => openKafkaBus({ brokers: [broker], prefix, partitions: 3 }),
      // Its topics go with the broker.
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
  60_000,
);

describe("Kafka", { timeout: 60_000 }, () => {
  let prefix: string;
  let end: AbortController;
  const buses: EventBus[] = [];
  const errors: unknown[] = [];

  beforeEach(() => {
    prefix = newPrefix();
    end = new AbortController();
    errors.length = 0;
  });
  afterEach(async () => {
    end.abort();
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
  });

  const open = async (brokers = [broker]): Promise<EventBus> => {
    const bus = await openKafkaBus({ brokers, prefix, partitions: 6, onError: (error) => errors.push(error) });
    buses.push(bus);
    return bus;
  };
  const topic = (): string => `${prefix}cloudsmith.audit.v1`;
  const raw = (address = broker): Kafka =>
    new Kafka({ clientId: "test", brokers: [address], logLevel: logLevel.NOTHING });

  test("records are CloudEvents in structured mode, keyed by the partition key", async () => {
    const bus = await open();
    const messages: KafkaMessage[] = [];
    const consumer = raw().consumer({ groupId: randomUUID(), maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic()], fromBeginning: true });
    await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void messages.push(message)) });
    const event = auditEvent("env_1", "test");
    await bus.publish([event]);
    const [message] = await waitFor("the record", () => messages.length > 0 && messages, { timeoutMs: 20_000 });
    await consumer.disconnect();
    expect(message?.key?.toString()).toBe("env_1");
    expect(message?.headers?.["content-type"]?.toString()).toBe("application/cloudevents+json; charset=UTF-8");
    expect(JSON.parse(message?.value?.toString() ?? "")).toEqual(event);
  });

  test("a record that is no event of ours is reported and passed over", async () => {
    const bus = await open();
    const seen: string[] = [];
    await bus.subscribe({
      group: "test",
      topics: ["cloudsmith.audit.v1"],
      signal: end.signal,
      handler: (event) => Promise.resolve(void seen.push(event.source)),
    });
    const producer = raw().producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    for (const value of ["not JSON", '{"specversion":"1.0"}', null])
      await producer.send({ topic: topic(), messages: [{ key: "k", value }] });
    await producer.disconnect();
    await bus.publish([auditEvent("k", "after")]);
    await waitFor("the event after", () => seen.length > 0, { timeoutMs: 20_000 });
    expect(seen).toEqual(["after"]);
    expect(errors).toHaveLength(3);
    await waitFor("no lag", async () => (await bus.lag("test")) === 0);
  });

  test("processes of one group share the keys; when one is added or goes, nothing is lost and each key stays in order", async () => {
    const keys = Array.from({ length: 12 }, () => newId("environment"));
    const seen = new Map(keys.map((key) => [key, new Set<number>()]));
    const handledBy = new Map<EventBus, number>();
    const join = async (signal: AbortSignal): Promise<EventBus> => {
      const bus = await open();
      await bus.subscribe({
        group: "test",
        topics: ["cloudsmith.audit.v1"],
        signal,
        retries: quickRetries,
        handler: (event) => {
          seen.get(event.partitionkey)?.add(Number(event.source));
          handledBy.set(bus, (handledBy.get(bus) ?? 0) + 1);
          return Promise.resolve();
        },
      });
      return bus;
    };
    const first = await join(end.signal);
    let sent = 0;
    const publish = async (times: number): Promise<void> => {
      for (let n = 0; n < times; n++, sent++) await first.publish(keys.map((key) => auditEvent(key, String(sent))));
    };
    const all = (): boolean => [...seen.values()].every((numbers) => numbers.size === sent);
    await publish(5);
    const own = new AbortController();
    const [second] = await Promise.all([join(own.signal), publish(20)]);
    await publish(5);
    await waitFor(
      "the second to take part",
      async () => {
        await publish(1);
        return (handledBy.get(second) ?? 0) > 0;
      },
      { timeoutMs: 20_000, everyMs: 50 },
    );
    own.abort();
    await publish(20);
    await waitFor("all events", all, { timeoutMs: 30_000 });
    // A Set keeps the order of the first time; what came twice came in order too.
    for (const numbers of seen.values()) expect([...numbers]).toEqual(Array.from({ length: sent }, (_, n) => n));
  });

  test(
    "a broker that is killed and comes back: the relay and the group go on, nothing is lost",
    { timeout: 120_000 },
    async () => {
      await using dir = await tempDir();
      await using own = await startKafka({ dir: dir.file("kafka") });
      const store = openSqliteStore({ file: dir.file("store.db") });
      const bus = await open([own.address]);
      const seen = new Set<string>();
      const tailed = new Set<string>();
      await bus.subscribe({
        group: "test",
        topics: ["cloudsmith.audit.v1"],
        signal: end.signal,
        handler: (event) => Promise.resolve(void seen.add(event.source)),
      });
      await bus.tail({
        topics: ["cloudsmith.audit.v1"],
        signal: end.signal,
        onEvent: (event) => tailed.add(event.source),
      });
      const relay = startRelay({
        outbox: store.outbox,
        bus,
        signal: end.signal,
        onError: (error) => errors.push(error),
      });
      let sent = 0;
      const commit = async (times: number): Promise<void> => {
        for (let n = 0; n < times; n++) await store.commit({ events: [auditEvent(`key ${n % 5}`, String(sent++))] });
      };
      await commit(50);
      await waitFor("the first", () => seen.size > 20, { timeoutMs: 20_000 });
      await own.kill();
      await commit(50);
      await own.start();
      await commit(50);
      await waitFor("all events", () => seen.size === sent, { timeoutMs: 60_000 });
      await waitFor("an empty outbox", async () => (await store.outbox.pending(1)).length === 0, { timeoutMs: 20_000 });
      await waitFor("the tail to have seen all of it too", () => tailed.size === sent, { timeoutMs: 60_000 });
      end.abort();
      await relay;
      await store.close();
      await Promise.all(buses.splice(0).map((each) => each.close()));
    },
  );

  test("no broker at all is an error after some tries, not a wait without end", async () => {
    await expect(openKafkaBus({ brokers: ["127.0.0.1:1"], prefix })).rejects.toMatchObject({
      code: "component-missing",
    });
  });
});
