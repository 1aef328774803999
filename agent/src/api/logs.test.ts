import type { Deployment } from "@cloudsmith/contracts";
import type { LiveMessage, LogLineView } from "@cloudsmith/contracts/api";
import { waitFor } from "@cloudsmith/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderSource } from "../testing/sites.ts";
import { TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let deployment: Deployment;
const project = "chatty";
const environment = "production";

/** Writes to its log while it starts, and once for each request; its build colours what it prints. */
const app = {
  "package.json": JSON.stringify({ name: "chatty", scripts: { build: "node build.js", start: "node server.js" } }),
  "build.js": `for (let n = 0; n < 40; n++) console.log("\\u001b[32mbuild line " + n + "\\u001b[0m");`,
  "server.js": `console.log("starting up");
require("node:http").createServer((q, s) => { console.log("asked for " + q.url); s.end("ok"); }).listen(process.env.PORT);`,
};

beforeAll(async () => {
  agent = await TestAgent.start();
  const client = agent.client();
  await client.projects.ensure({ source: folderSource(agent, project, app), name: project });
  const created = await client.deployments.create({ project });
  deployment = await waitFor("the app is live", async () => {
    const found = await client.deployments.get({ deployment: created.id });
    return found.state === "live" ? found : undefined;
  });
  await waitFor("it wrote down a request", async () => {
    const { plainUrl } = await client.environments.get({ project, environment });
    if (plainUrl !== null) await fetch(`${plainUrl}/visit`);
    const { lines } = await client.logs.run({ project, environment });
    return lines.some((line) => line.text.includes("/visit"));
  });
}, 120_000);
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

const texts = (lines: readonly LogLineView[]) => lines.map((line) => line.text);

async function followed(part: "prepare" | "build" | "release" | "start", after = -1): Promise<LogLineView[]> {
  const lines: LogLineView[] = [];
  const stream = await agent
    .client()
    .live.open({ subscriptions: [{ type: "log", key: "l", deployment: deployment.id, part, after }] });
  for await (const message of stream as AsyncIterable<LiveMessage>) {
    if (message.type === "log") lines.push(...message.lines);
    if (message.type === "end") break;
  }
  return lines;
}

test("the start of an app is a log of its deployment, up to where it went live", async () => {
  const { lines, total, ended } = await agent.client().logs.build({ deployment: deployment.id, part: "start" });
  expect(texts(lines)).toContain("starting up");
  expect(texts(lines).some((text) => text.includes("/visit"))).toBe(false);
  expect({ total, ended }).toEqual({ total: lines.length, ended: true });
  const last = await agent.client().logs.build({ deployment: deployment.id, part: "start", last: 1 });
  expect(last.lines).toEqual(lines.slice(-1));
  expect(await followed("start")).toEqual(lines);
});

test("one log can be followed from any of its lines on", async () => {
  const whole = await followed("build");
  expect(texts(whole).filter((text) => text.includes("build line"))).toHaveLength(40);
  expect(await followed("build", 9)).toEqual(whole.slice(10));
});

test("a search names the lines of a long log, a bounded piece at a time", async () => {
  const id = { teamId: "team_local", id: `build/${deployment.buildId}` };
  const before = (await agent.services.logs.read(id, { last: 1 })).total;
  const writer = agent.services.logs.writer(id);
  for (let n = 0; n < 250_000; n++) {
    const text = n % 1000 === 0 ? "\u001b[1mNeedle\u001b[0m here" : "hay";
    if (!writer.write({ at: new Date().toISOString(), stream: "stdout", text })) await writer.flush();
  }
  await writer.end();
  const positions: number[] = [];
  let asked = 0;
  for (let after = -1, total = 1; after < total - 1;) {
    const found = await agent
      .client()
      .logs.searchBuild({ deployment: deployment.id, part: "build", grep: "/needle HERE/i", after });
    positions.push(...found.positions);
    ({ scanned: after, total } = found);
    asked += 1;
  }
  expect(positions).toEqual(Array.from({ length: 250 }, (_, n) => before + n * 1000));
  expect(asked).toBe(3);
  const run = await agent.client().logs.searchRun({ project, environment, grep: "/visit" });
  expect(run.positions.length).toBeGreaterThan(0);
});

test("a whole log is a file, streamed and without colours unless they are asked for", async () => {
  const headers = { authorization: `Bearer ${agent.token}` };
  const file = await agent.ask(`/api/deployments/${deployment.id}/log.txt`, { headers });
  expect(file.status).toBe(200);
  expect(file.headers["content-disposition"]).toBe(`attachment; filename="${deployment.id}.log"`);
  expect(file.text.match(/^==> .*$/gm)).toEqual(["==> Build", "==> Start"]);
  expect(file.text).toContain("\nbuild line 0\nbuild line 1\n");
  expect(file.text.match(/^Needle here$/gm)).toHaveLength(250);
  const full = await agent.ask(`/api/deployments/${deployment.id}/log.txt?timestamps=1&colors=1`, { headers });
  expect(full.text).toMatch(/^\d{4}-[\d-]+T[\d:.]+Z \u001b\[32mbuild line 0\u001b\[0m$/m);
  const run = await agent.ask(`/api/projects/${project}/environments/${environment}/log.txt`, { headers });
  expect(run.text).toContain("asked for /visit\n");
});

test("a log's file is for its own team, signed in", async () => {
  const path = `/api/deployments/${deployment.id}/log.txt`;
  expect((await agent.ask(path)).status).toBe(401);
  const stranger = await agent.member("team_other", "owner");
  const asked = await agent.ask(path, { headers: { authorization: `Bearer ${stranger}` } });
  expect(asked.status).toBe(404);
  expect(asked.text).not.toContain("build line");
});

test("the configuration of a deployment has its variables, and of its secrets the names", async () => {
  const client = agent.client();
  await client.environments.setVariables({ project, environment, set: { COLOR: { value: "green", scope: "run" } } });
  await client.environments.setSecrets({ project, environment, set: { TOKEN: { value: "canary-of-a-secret" } } });
  const next = await client.deployments.redeploy({ project });
  const found = await client.deployments.configuration({ deployment: next.id });
  expect(found.variables).toEqual({ COLOR: { value: "green", scope: "run" } });
  expect(found.secrets).toMatchObject([{ name: "TOKEN", scope: "run", revokedAt: null }]);
  expect(JSON.stringify(found)).not.toContain("canary-of-a-secret");
  expect((await client.deployments.configuration({ deployment: deployment.id })).variables).toEqual({});
});
