import type { Deployment } from "@cloudsmith/contracts";
import { LiveMessage, type Subscription } from "@cloudsmith/contracts/api";
import { waitFor } from "@cloudsmith/testkit";
import { getEventMeta } from "@orpc/client";
import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderSource, staticSite } from "../testing/sites.ts";
import { TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let deployment: Deployment;
const project = "talker";

/** An app that writes to both of its streams while it starts, and once for each request. */
const talker = (version: string) => ({
  "package.json": JSON.stringify({ name: "talker", scripts: { build: "node build.js", start: "node server.js" } }),
  "build.js": `for (let n = 0; n < 40; n++) console.log("build line " + n);`,
  "server.js": `console.log("starting ${version}");
require("node:http").createServer((q, s) => { console.log("${version} asked for " + q.url); s.end("${version}"); }).listen(process.env.PORT);`,
});

beforeAll(async () => {
  agent = await TestAgent.start();
  const client = agent.client();
  await client.projects.ensure({ source: folderSource(agent, "talker", talker("one")), name: project });
  deployment = await settled(await client.deployments.create({ project }));
  expect(deployment).toMatchObject({ state: "live", failure: null });
}, 120_000);
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

function settled(created: Deployment): Promise<Deployment> {
  return waitFor(
    `deployment ${created.sequence} has settled`,
    async () => {
      const found = await agent.client().deployments.get({ deployment: created.id });
      return found.settledAt === null ? undefined : found;
    },
    { timeoutMs: 90_000, everyMs: 50 },
  );
}

const following = (key: string, logs = true): Subscription => ({
  type: "deployment",
  key,
  deployment: deployment.id,
  after: 0,
  logs,
});

/** One connection, with the ids that came along; broken off after `stopAfter` messages. */
async function readSome(
  subscriptions: Subscription[],
  options: { stopAfter?: number; lastEventId?: string | undefined; until?: (message: LiveMessage) => boolean },
): Promise<{ messages: LiveMessage[]; lastEventId: string | undefined }> {
  const { stopAfter = Number.POSITIVE_INFINITY, until = (message) => message.type === "end" } = options;
  const abort = new AbortController();
  const messages: LiveMessage[] = [];
  let { lastEventId } = options;
  const stream = await agent
    .client()
    .live.open(
      { subscriptions },
      { signal: abort.signal, context: { retry: 0 }, ...(lastEventId !== undefined && { lastEventId }) },
    );
  for await (const message of stream) {
    lastEventId = getEventMeta(message)?.id ?? lastEventId;
    if (message.type !== "open") messages.push(message);
    if (messages.length >= stopAfter || until(message)) break;
  }
  abort.abort();
  return { messages, lastEventId };
}

/** What was told, whatever pieces it came in: each timeline entry and each line once, in their own order. */
function told(messages: readonly LiveMessage[]): Record<string, string[]> {
  const parts: Record<string, string[]> = {};
  const add = (part: string, text: string): void => void (parts[part] ??= []).push(text);
  for (const message of messages) {
    if (message.type === "timeline") add(`${message.key} timeline`, `${message.entry.number} ${message.entry.message}`);
    if (message.type === "log")
      for (const line of message.lines) add(`${message.key} ${message.source}`, `${line.position} ${line.text}`);
    if (message.type === "end") add("ends", message.key);
  }
  return parts;
}

test("a deployment's stream tells its timeline and every line, and then ends", async () => {
  const { messages } = await readSome([following("d")], {});
  const all = told(messages);
  const timeline = await agent.client().deployments.timeline({ deployment: deployment.id });
  expect(all["d timeline"]).toEqual(timeline.map((entry) => `${entry.number} ${entry.message}`));
  const log = await agent.client().logs.build({ deployment: deployment.id, part: "build" });
  expect(all[`d build/${deployment.buildId}`]).toEqual(log.lines.map((line) => `${line.position} ${line.text}`));
  expect(log.lines.some((line) => line.text.includes("build line 39"))).toBe(true);
  expect(all["ends"]).toEqual(["d"]);
});

test("broken at any message and taken up again, it has neither a gap nor a duplicate", async () => {
  const subscriptions = [following("a"), following("b", false)];
  const bothEnded = () => {
    let ends = 0;
    return (message: LiveMessage) => message.type === "end" && ++ends === 2;
  };
  const whole = (await readSome(subscriptions, { until: bothEnded() })).messages;
  for (let cut = 1; cut < whole.length; cut++) {
    const first = await readSome(subscriptions, { stopAfter: cut, until: () => false });
    const left = 2 - first.messages.filter((message) => message.type === "end").length;
    let ends = 0;
    const rest = await readSome(subscriptions, {
      lastEventId: first.lastEventId,
      until: (message) => message.type === "end" && ++ends === left,
    });
    const { ends: ended, ...both } = told([...first.messages, ...rest.messages]);
    const { ends: wholeEnds, ...expected } = told(whole);
    expect(both, `cut after ${cut}`).toEqual(expected);
    expect(ended?.toSorted()).toEqual(wholeEnds?.toSorted());
  }
});

test("broken at every message while it is deployed", async () => {
  const created = await agent.client().deployments.redeploy({ project });
  const subscription: Subscription = { type: "deployment", key: "d", deployment: created.id, after: 0, logs: true };
  const messages: LiveMessage[] = [];
  for (let lastEventId: string | undefined; messages.at(-1)?.type !== "end";) {
    const piece = await readSome([subscription], { stopAfter: 1, lastEventId, until: () => false });
    messages.push(...piece.messages);
    lastEventId = piece.lastEventId;
  }
  const unbroken = await readSome([subscription], {});
  expect(told(messages)).toEqual(told(unbroken.messages));
});

test("what is not there fails with a typed error, and the others go on", async () => {
  const missing: Subscription = { type: "deployment", key: "x", deployment: "dep_0000", after: 0, logs: true };
  const ended: string[] = [];
  const { messages } = await readSome([missing, following("d", false)], {
    until: (message) => message.type === "end" && ended.push(message.key) === 2,
  });
  expect(messages.filter((message) => message.type === "failed")).toMatchObject([
    { key: "x", error: { code: "not-found", correlationId: expect.any(String) } },
  ]);
  expect(ended.toSorted()).toEqual(["d", "x"]);
});

test("an id that is not ours is refused, since to begin anew would repeat", async () => {
  await expect(readSome([following("d")], { lastEventId: "nonsense" })).rejects.toMatchObject({
    code: "invalid-input",
  });
});

test("subscriptions come and go on an open stream, and a resumed one knows them", async () => {
  const abort = new AbortController();
  const client = agent.client();
  const stream = await client.live.open({ subscriptions: [] }, { signal: abort.signal, context: { retry: 0 } });
  const open = LiveMessage.parse((await stream.next()).value);
  if (open.type !== "open") throw new Error("a stream begins with its name");
  await client.live.change({ stream: open.stream, add: [following("late", false), { type: "team", key: "team" }] });
  let lastEventId: string | undefined;
  const keys = new Set<string>();
  for await (const message of stream) {
    lastEventId = getEventMeta(message)?.id ?? lastEventId;
    if ("key" in message) keys.add(message.key);
    if (message.type === "timeline" && message.entry.number === 2) break;
  }
  abort.abort();
  expect([...keys].toSorted()).toEqual(["late", "team"]);
  const rest = await readSome([], { lastEventId });
  expect(told(rest.messages)["late timeline"]?.[0]).toMatch(/^3 /);
  await expect(client.live.change({ stream: open.stream, add: [] })).rejects.toMatchObject({ code: "not-found" });
});

test("a team is told what changed", async () => {
  const abort = new AbortController();
  const stream = await agent
    .client()
    .live.open({ subscriptions: [{ type: "team", key: "t" }] }, { signal: abort.signal });
  const { project: made } = await agent
    .client()
    .projects.ensure({ source: staticSite(agent, "noticed"), name: "noticed" });
  for await (const message of stream) if (message.type === "changed" && message.projectId === made.project.id) break;
  abort.abort();
});

test("the run-time log goes on across a redeploy and a lost connection, each line once", async () => {
  const client = agent.client();
  const subscription: Subscription = { type: "run-log", key: "r", project, environment: "production", last: 1000 };
  await waitFor("the first version answers", async () => {
    const { plainUrl } = await client.environments.get({ project, environment: "production" });
    return plainUrl !== null && (await fetch(`${plainUrl}/first`)).ok;
  });
  const before = await readSome([subscription], { until: hasLine("one asked for /first") });
  await client.projects.update({ project, source: folderSource(agent, "talker", talker("two")) });
  await settled(await client.deployments.create({ project }));
  await waitFor("the new version answers", async () => {
    const { plainUrl } = await client.environments.get({ project, environment: "production" });
    return (await (await fetch(`${plainUrl}/second`)).text()) === "two";
  });
  const rest = await readSome([subscription], {
    lastEventId: before.lastEventId,
    until: hasLine("two asked for /second"),
  });
  const lines = Object.values(told([...before.messages, ...rest.messages])).flat();
  expect(lines).toContainEqual(expect.stringContaining("starting two"));
  for (const part of Object.values(told([...before.messages, ...rest.messages]))) {
    const positions = part.map((line) => Number(line.split(" ", 1)[0]));
    expect(positions).toEqual(positions.map((_, index) => (positions[0] ?? 0) + index));
  }
  expect(lines.filter((line) => line.endsWith("/first"))).toHaveLength(1);
});

const hasLine = (text: string) => (message: LiveMessage) =>
  message.type === "log" && message.lines.some((line) => line.text.includes(text));

test("a stream goes on over a restart of the agent", async () => {
  const client = agent.client();
  const stream = await client.live.open({ subscriptions: [following("d"), { type: "team", key: "t" }] });
  const messages: LiveMessage[] = [];
  let opened = 0;
  const reading = (async () => {
    for await (const message of stream) {
      messages.push(message);
      if (message.type === "open" && ++opened === 2) break;
    }
  })();
  await waitFor("the deployment was told", () => messages.some((message) => message.type === "end"));
  await agent.stop();
  await agent.start();
  await reading;
  expect(told(messages)["ends"]).toEqual(["d"]);
});

test("two hundred streams at once", async () => {
  const streams = await Promise.all(Array.from({ length: 200 }, () => readSome([following("d")], {})));
  const first = told(streams[0]?.messages ?? []);
  for (const { messages } of streams) expect(told(messages)).toEqual(first);
});

test("a reader that stops reading holds up its own sources, not the agent's memory", async () => {
  const logs = agent.services.logs;
  const id = { teamId: "team_local", id: `build/${deployment.buildId}` };
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  let given = 0;
  // 400 MB of lines, of which a reader that sleeps may be owed a few.
  const follow = logs.follow.bind(logs);
  Object.assign(logs, {
    async *follow(asked: typeof id, options: { signal: AbortSignal }) {
      if (asked.id !== id.id) return yield* follow(asked, options);
      for (let n = 0; n < 400 && !options.signal.aborted; n++) {
        given += 1;
        begin();
        yield Array.from({ length: 1000 }, (_, line) => ({
          position: n * 1000 + line,
          at: new Date().toISOString(),
          stream: "stdout",
          text: "x".repeat(1000),
        }));
      }
    },
  });
  const body = JSON.stringify({ json: { subscriptions: [following("slow")] } });
  const sent = request({
    host: "127.0.0.1",
    port: agent.port,
    path: "/rpc/live/open",
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${agent.token}` },
  });
  sent.on("response", (response) => response.pause());
  sent.on("error", () => undefined);
  sent.end(body);
  await begun;
  let last = -1;
  await waitFor(
    "the source waits",
    () => {
      const stands = given === last;
      last = given;
      return stands;
    },
    { everyMs: 300 },
  );
  sent.destroy();
  Object.assign(logs, { follow });
  expect(given).toBeLessThan(40);
});
