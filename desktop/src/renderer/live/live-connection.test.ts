import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveConnection, type Told, type Wanted } from "./live-connection.ts";
import { ModelAgent } from "./testing/model-agent.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function runLog(project: string): Wanted {
  return { type: "run-log", project, environment: "production", last: 0 };
}

function textsInto(texts: string[]): (message: Told) => void {
  return (message) => message.type === "log" && texts.push(...message.lines.map(({ text }) => text));
}

const upTo = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

test("a stream that breaks goes on after the last message that came", async () => {
  const agent = new ModelAgent();
  const live = new LiveConnection(agent);
  const texts: string[] = [];
  live.listen(runLog("shop"), textsInto(texts));
  live.start();
  agent.write("shop", 5);
  await vi.advanceTimersByTimeAsync(10);
  expect(live.state).toBe("online");
  agent.breakStream();
  agent.write("shop", 4);
  await vi.advanceTimersByTimeAsync(1000);
  expect(texts).toEqual(upTo(9));
  expect(agent.opened).toBe(2);
  live.stop();
});

test("a short break is not told, a longer one is, and so is its end", async () => {
  const agent = new ModelAgent();
  const live = new LiveConnection(agent);
  const told: string[] = [];
  live.watch(() => told.push(live.state));
  live.start();
  await vi.advanceTimersByTimeAsync(10);
  agent.breakStream();
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual(["online"]);
  const open = agent.open.bind(agent);
  agent.open = async () => {
    throw new Error("connection refused");
  };
  agent.breakStream();
  await vi.advanceTimersByTimeAsync(3000);
  expect(told).toEqual(["online", "offline"]);
  agent.open = open;
  live.retryNow();
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual(["online", "offline", "online"]);
  live.stop();
});

test("a stream that falls silent is taken for broken", async () => {
  const agent = new ModelAgent();
  const live = new LiveConnection(agent);
  live.start();
  await vi.advanceTimersByTimeAsync(46_000);
  expect(agent.opened).toBe(2);
  live.stop();
});

type Step =
  | { readonly do: "listen"; readonly project: string }
  | { readonly do: "leave"; readonly which: number }
  | { readonly do: "write"; readonly project: string; readonly count: number }
  | { readonly do: "break" | "refuse" | "lose-change" | "lose-answer" }
  | { readonly do: "wait"; readonly ms: number };

const project = fc.constantFrom("shop", "blog");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("listen" as const), project }),
  fc.record({ do: fc.constant("leave" as const), which: fc.nat(5) }),
  fc.record({ do: fc.constant("write" as const), project, count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    do: fc.constantFrom("break" as const, "refuse" as const, "lose-change" as const, "lose-answer" as const),
  }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(0, 1, 200, 2000) }),
);

test("whatever breaks and whenever, each listener gets every line once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const agent = new ModelAgent();
      const live = new LiveConnection(agent);
      const listeners: { project: string; texts: string[]; leave: (() => void) | undefined }[] = [];
      live.start();
      for (const each of steps) await take(each, agent, live, listeners);
      agent.write("shop", 2);
      await vi.advanceTimersByTimeAsync(20_000);
      live.stop();
      for (const { project: name, texts, leave } of listeners) {
        if (leave === undefined) expect(texts).toEqual(upTo(texts.length));
        else expect(texts).toEqual(upTo(agent.lines.get(name) ?? 0));
      }
    }),
    { numRuns: 400 },
  );
});

async function take(
  each: Step,
  agent: ModelAgent,
  live: LiveConnection,
  listeners: { project: string; texts: string[]; leave: (() => void) | undefined }[],
): Promise<void> {
  switch (each.do) {
    case "listen": {
      const texts: string[] = [];
      listeners.push({ project: each.project, texts, leave: live.listen(runLog(each.project), textsInto(texts)) });
      return;
    }
    case "leave": {
      const listener = listeners[each.which];
      listener?.leave?.();
      if (listener !== undefined) listener.leave = undefined;
      return;
    }
    case "write":
      return agent.write(each.project, each.count);
    case "break":
      return agent.breakStream();
    case "refuse":
      agent.refuseNextOpen = true;
      return;
    case "lose-change":
      agent.nextChange = "lost";
      return;
    case "lose-answer":
      agent.nextChange = "unanswered";
      return;
    case "wait":
      await vi.advanceTimersByTimeAsync(each.ms);
  }
}
