import { newId, type AnyEvent } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";
import * as fc from "fast-check";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EventBus, EventHandler, SubscribeOptions } from "./bus.ts";
import { auditEvent, projectEvent, quickRetries } from "./test-events.ts";

/** One bus's data under test; `open` again after `close` is a restart. */
export interface BusUnderTest extends AsyncDisposable {
  open(): Promise<EventBus>;
}

/** What every adapter of the EventBus port does; `make` gives new, empty data. */
export function busConformance(adapter: string, make: () => Promise<BusUnderTest>, timeout = 30_000): void {
  describe(`${adapter} as an event bus`, { timeout }, () => {
    let data: BusUnderTest;
    let bus: EventBus;
    let ends: AbortController;

    beforeEach(async () => {
      data = await make();
      bus = await data.open();
      ends = new AbortController();
    }, timeout);
    afterEach(async () => {
      ends.abort();
      await bus.close();
      await data[Symbol.asyncDispose]();
    }, timeout);

    const subscribe = (group: string, handler: EventHandler, more: Partial<SubscribeOptions> = {}): Promise<void> =>
      bus.subscribe({
        group,
        topics: ["cloudsmith.audit.v1"],
        handler,
        signal: ends.signal,
        retries: quickRetries,
        ...more,
      });
    const until = (what: string, ask: () => boolean | Promise<boolean>): Promise<unknown> =>
      waitFor(what, ask, { timeoutMs: timeout - 2000 });
    const restart = async (): Promise<void> => {
      await bus.close();
      bus = await data.open();
    };
    const letters = async () => (await bus.deadLetters.list()).items;

    test("an event comes to a group whole, and its topic decides who gets it", async () => {
      const [audit, project] = [recorder(), recorder()];
      await subscribe("audit", audit.handler);
      await subscribe("project", project.handler, { topics: ["cloudsmith.source.v1"] });
      const events = [auditEvent("k", "ä€😀\n"), projectEvent("k", "2")];
      await bus.publish(events);
      await until("both events", () => audit.events.length + project.events.length === 2);
      expect(audit.events).toEqual([events[0]]);
      expect(project.events).toEqual([events[1]]);
    });

    test("events of one key are handled in order, one at a time, over many publications", async () => {
      const seen = new Map<string, string[]>();
      let running = 0;
      let most = 0;
      const inWork = new Set<string>();
      await subscribe("order", async (event) => {
        expect(inWork.has(event.partitionkey)).toBe(false);
        inWork.add(event.partitionkey);
        most = Math.max(most, ++running);
        await wait(1);
        seen.set(event.partitionkey, [...(seen.get(event.partitionkey) ?? []), event.source]);
        inWork.delete(event.partitionkey);
        running--;
      });
      const keys = ["a", "b", "c", "d", "e"];
      for (let n = 0; n < 10; n++)
        await bus.publish(keys.flatMap((key) => [auditEvent(key, `${n}.1`), auditEvent(key, `${n}.2`)]));
      await until("all 100", () => [...seen.values()].flat().length === 100);
      const expected = Array.from({ length: 10 }, (_, n) => [`${n}.1`, `${n}.2`]).flat();
      for (const key of keys) expect(seen.get(key)).toEqual(expected);
      expect(most).toBeGreaterThan(1);
    });

    test("a handler that is busy with one key does not hold up the others", async () => {
      const busy = Promise.withResolvers<void>();
      const done = recorder();
      await subscribe("busy", async (event, context) => {
        if (event.partitionkey === "slow") await busy.promise;
        await done.handler(event, context);
      });
      await bus.publish([auditEvent("slow", "s1"), auditEvent("quick", "q1"), auditEvent("slow", "s2")]);
      for (let n = 2; n < 6; n++) await bus.publish([auditEvent("quick", `q${n}`), auditEvent(`other ${n}`, `o${n}`)]);
      await until("everything but the slow key", () => done.events.length === 9);
      expect(await bus.lag("busy")).toBeGreaterThanOrEqual(2);
      busy.resolve();
      await until("the slow key too", () => done.events.length === 11);
      expect(done.sources().filter((each) => each.startsWith("s"))).toEqual(["s1", "s2"]);
    });

    test("an event whose handler throws is tried again, before the next one of its key", async () => {
      const attempts: [string, number][] = [];
      await subscribe("retry", async (event, { attempt }) => {
        attempts.push([event.source, attempt]);
        if (event.source === "1" && attempt < 3) throw new Error("not yet");
      });
      await bus.publish([auditEvent("k", "1"), auditEvent("k", "2")]);
      await until("both to be handled", () => attempts.some(([source]) => source === "2"));
      expect(attempts).toEqual([
        ["1", 1],
        ["1", 2],
        ["1", 3],
        ["2", 1],
      ]);
      expect(await letters()).toEqual([]);
    });

    test("a poisonous event becomes a dead letter after its attempts; its key then goes on, others never stop", async () => {
      const done = recorder();
      let tries = 0;
      await subscribe("poison", async (event, context) => {
        if (event.source !== "poison") return done.handler(event, context);
        tries++;
        await until("others to go on meanwhile", () => done.sources().includes("other"));
        throw new Error("I cannot read this");
      });
      const poison = auditEvent("k", "poison");
      await bus.publish([poison, auditEvent("k", "after")]);
      await bus.publish([auditEvent("other key", "other")]);
      await until("the rest of the key", () => done.sources().includes("after"));
      expect(tries).toBe(3);
      const [letter, ...more] = await letters();
      expect(more).toEqual([]);
      expect(letter).toMatchObject({
        group: "poison",
        topic: "cloudsmith.audit.v1",
        event: poison,
        error: "Error: I cannot read this",
        attempts: 3,
        failedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });
      expect(await bus.deadLetters.get(letter!.id)).toEqual(letter);
    });

    test("a dead letter is replayed to its own group only, and can fail again", async () => {
      let poisoned = true;
      const [sick, well] = [recorder(), recorder()];
      await subscribe("sick", async (event, context) => {
        if (poisoned) throw new Error("no");
        await sick.handler(event, context);
      });
      await subscribe("well", well.handler);
      const event = auditEvent("k", "1");
      await bus.publish([event]);
      await until("the letter", async () => (await letters()).length === 1);
      await bus.deadLetters.replay((await letters())[0]!.id);
      await until("it to fail again", async () => (await letters())[0]?.attempts === 3);
      poisoned = false;
      await bus.deadLetters.replay((await letters())[0]!.id);
      await until("the replay", () => sick.events.length === 1);
      expect(sick.events).toEqual([event]);
      expect(await letters()).toEqual([]);
      expect(well.events).toEqual([event]);
    });

    test("dead letters are discarded, and listed page by page, oldest first; an unknown one is not found", async () => {
      await subscribe("sick", () => Promise.reject(new Error("no")));
      const events = Array.from({ length: 5 }, (_, n) => auditEvent("one key", String(n)));
      await bus.publish(events);
      await until("five letters", async () => (await letters()).length === 5);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await bus.deadLetters.list({ limit: 2, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.items.map((letter) => letter.event.source));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(["0", "1", "2", "3", "4"]);
      const first = (await letters())[0]!;
      await bus.deadLetters.discard(first.id);
      expect((await letters()).map((letter) => letter.event.source)).toEqual(["1", "2", "3", "4"]);
      expect(await bus.deadLetters.get(first.id)).toBeUndefined();
      for (const id of [first.id, "dlq_unknown"]) {
        await expect(bus.deadLetters.replay(id)).rejects.toMatchObject({ code: "not-found" });
        await expect(bus.deadLetters.discard(id)).rejects.toMatchObject({ code: "not-found" });
      }
      await restart();
      expect((await letters()).map((letter) => letter.event.source)).toEqual(["1", "2", "3", "4"]);
    });

    test("every group gets every event of its topics", async () => {
      const groups = [recorder(), recorder(), recorder()];
      for (const [n, group] of groups.entries()) await subscribe(`group ${n}`, group.handler);
      await bus.publish([auditEvent("a", "1"), auditEvent("b", "2")]);
      await until("all", () => groups.every((group) => group.events.length === 2));
      for (const group of groups) expect(group.sources().toSorted()).toEqual(["1", "2"]);
    });

    test("what comes while no member is there waits for the group, across a restart, and what was handled does not come again", async () => {
      const first = recorder();
      const own = new AbortController();
      await subscribe("absent", first.handler, { signal: own.signal });
      await bus.publish([auditEvent("k", "1")]);
      await until("the first", () => first.events.length === 1);
      own.abort();
      await bus.publish([auditEvent("k", "2")]);
      await restart();
      await bus.publish([auditEvent("k", "3")]);
      const second = recorder();
      await subscribe("absent", second.handler);
      await until("the rest", () => second.events.length === 2);
      expect(second.sources()).toEqual(["2", "3"]);
      expect(first.sources()).toEqual(["1"]);
      await until("no lag", async () => (await bus.lag("absent")) === 0);
    });

    test("a member that leaves in the middle: its handler is told, what it did not finish comes to the next one in order", async () => {
      const own = new AbortController();
      const entered = Promise.withResolvers<void>();
      await subscribe(
        "leaving",
        async (_event, { signal }) => {
          entered.resolve();
          await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("told"))));
        },
        { signal: own.signal },
      );
      await bus.publish([auditEvent("k", "1"), auditEvent("k", "2")]);
      await entered.promise;
      own.abort();
      const next = recorder();
      await subscribe("leaving", next.handler);
      await until("both", () => next.events.length === 2);
      expect(next.sources()).toEqual(["1", "2"]);
      expect(await letters()).toEqual([]);
    });

    test("members of one group share its events; when one leaves, the others go on", async () => {
      const own = new AbortController();
      const members = [recorder(), recorder()];
      await subscribe("shared", members[0]!.handler, { signal: own.signal });
      await subscribe("shared", members[1]!.handler);
      const keys = Array.from({ length: 20 }, (_, n) => `key ${n}`);
      const handled = (): Set<string> => new Set(members.flatMap((member) => member.sources()));
      await bus.publish(keys.map((key) => auditEvent(key, `first ${key}`)));
      await until("all of the first", () => handled().size === 20);
      own.abort();
      await bus.publish(keys.map((key) => auditEvent(key, `second ${key}`)));
      await until("all of the second", () => handled().size === 40);
    });

    test("an attempt that takes too long has failed, and its signal says so", async () => {
      const told: string[] = [];
      const retries = { ...quickRetries, attempts: 2, attemptMs: 50 };
      await subscribe(
        "late",
        async (event, { signal }) => {
          if (event.source === "quick") return void told.push("quick");
          signal.addEventListener("abort", () => told.push("aborted"));
          await new Promise(() => undefined);
        },
        { retries },
      );
      await bus.publish([auditEvent("k", "endless"), auditEvent("k", "quick")]);
      await until("the next event", () => told.includes("quick"));
      expect(told).toEqual(["aborted", "aborted", "quick"]);
      expect((await letters())[0]?.error).toContain("deadline-exceeded");
    });

    test("a tail sees what is published from then on until it ends, and every tail the same", async () => {
      const [one, two]: AnyEvent[][] = [[], []];
      const own = new AbortController();
      await bus.publish([auditEvent("k", "before")]);
      await bus.tail({ topics: ["cloudsmith.audit.v1"], onEvent: (event) => one!.push(event), signal: own.signal });
      await bus.tail({
        topics: ["cloudsmith.audit.v1", "cloudsmith.source.v1"],
        onEvent: (event) => two!.push(event),
        signal: ends.signal,
      });
      const events = [auditEvent("k", "1"), auditEvent("k", "2")];
      await bus.publish(events);
      await until("both tails", () => one!.length === 2 && two!.length === 2);
      own.abort();
      const last = projectEvent("k", "3");
      await bus.publish([auditEvent("k", "4"), last]);
      await until("the other tail", () => two!.length === 4);
      expect(one).toEqual(events);
      expect(two).toContainEqual(last);
      expect(two!.map((event) => event.source)).not.toContain("before");
    });

    test("lag counts what a group has not handled; a group that never was has none", async () => {
      const go = Promise.withResolvers<void>();
      await subscribe("lagging", () => go.promise);
      expect(await bus.lag("lagging")).toBe(0);
      await bus.publish(["1", "2", "3"].map((source) => auditEvent("k", source)));
      await until("a lag of 3", async () => (await bus.lag("lagging")) === 3);
      go.resolve();
      await until("no lag", async () => (await bus.lag("lagging")) === 0);
      expect(await bus.lag("nobody")).toBe(0);
    });

    test("close waits for the handlers that run", async () => {
      const entered = Promise.withResolvers<void>();
      const log: string[] = [];
      await subscribe("closing", async () => {
        entered.resolve();
        await wait(30);
        log.push("handled");
      });
      await bus.publish([auditEvent("k", "1")]);
      await entered.promise;
      await bus.close();
      log.push("closed");
      expect(log).toEqual(["handled", "closed"]);
      bus = await data.open();
      const again = recorder();
      await subscribe("closing", again.handler);
      await bus.publish([auditEvent("k", "2")]);
      await until("the next", () => again.sources().includes("2"));
      expect(again.sources()).toEqual(["2"]);
    });

    test("publishing nothing is done at once, and after an abort it is refused or done, never stuck", async () => {
      await bus.publish([]);
      await bus.publish([auditEvent("k", "1")], AbortSignal.abort()).catch(() => undefined);
    });

    test("random events and failures: each is handled or dead, each key in order", async () => {
      const failures = fc.constantFrom(0, 0, 0, 1, 2, 3);
      const plan = fc.array(fc.record({ key: fc.constantFrom("a", "b", "c"), failures }), {
        minLength: 1,
        maxLength: 12,
      });
      const runs = new Map<string, { failures: number; tried: number }>();
      const ended: AnyEvent[] = [];
      await subscribe("random", async (event) => {
        const run = runs.get(event.id);
        if (run !== undefined && run.tried++ < run.failures) throw new Error("planned");
        ended.push(event);
      });
      const property = fc.asyncProperty(plan, async (events) => {
        const round = newId("event");
        const sent = events.map(({ key, failures: times }) => {
          const event = auditEvent(`${round} ${key}`, String(times));
          runs.set(event.id, { failures: times, tried: 0 });
          return event;
        });
        for (const event of sent) await bus.publish([event]);
        const living = sent.filter((event) => event.source !== "3");
        const dead = sent.filter((event) => event.source === "3");
        const ids = new Set(sent.map((event) => event.id));
        const mine = (): AnyEvent[] => ended.filter((event) => ids.has(event.id));
        const buried = async (): Promise<string[]> =>
          (await bus.deadLetters.list({ limit: 1000 })).items.map(({ event }) => event.id).filter((id) => ids.has(id));
        await until("all to end", async () => mine().length >= living.length && (await buried()).length >= dead.length);
        expect((await buried()).toSorted()).toEqual(dead.map(({ id }) => id).toSorted());
        for (const key of ["a", "b", "c"].map((each) => `${round} ${each}`)) {
          const of = (each: AnyEvent[]): string[] => each.filter((one) => one.partitionkey === key).map(({ id }) => id);
          expect(of(mine())).toEqual(of(living));
        }
      });
      await fc.assert(property, { numRuns: 10, endOnFailure: true });
    });
  });
}

/** A handler that keeps what it handled. */
function recorder(): { handler: EventHandler; events: AnyEvent[]; sources: () => string[] } {
  const events: AnyEvent[] = [];
  return {
    events,
    sources: () => events.map((event) => event.source),
    handler: (event) => {
      events.push(event);
      return Promise.resolve();
    },
  };
}
