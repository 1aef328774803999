import { rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { waitFor } from "@cloudsmith/testkit";
import { expect, test } from "vitest";
import { Installation } from "../support/installation.ts";
import { expectNothingLeft } from "../support/invariants.ts";
import { get, Probe } from "../support/probe.ts";

test("a second agent on the same data folder is refused, and the first is unharmed", async () => {
  await using it = await Installation.start();
  const live = await it.deployAndFollow(it.app("one"));
  await using probe = new Probe(await it.address("one"));
  const pid = await it.agentPid();
  const second = await it.tryAgent();
  expect(second).toMatchObject({
    code: 75,
    output: expect.stringContaining("Another agent runs for this data folder"),
  });
  expect((await it.client.system.info()).pid).toBe(pid);
  const again = await it.deployAndFollow(it.app("two"));
  expect(again.state).toBe("live");
  await probe.stop();
  expect(probe.failures).toEqual([]);
  await expectNothingLeft(it, [live.releaseId ?? "", again.releaseId ?? ""]);
});

/** Takes a port until it is disposed. */
async function take(port: number): Promise<AsyncDisposable> {
  const server: Server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

test("an agent whose port is taken listens on the next free one and says where", async () => {
  await using it = await Installation.make();
  await using _other = await take(it.agentPort);
  await it.startAgent();
  const { url } = await it.client.system.info();
  expect(Number(new URL(url).port)).toBeGreaterThan(it.agentPort);
  expect((await it.deployAndFollow(it.app("one"))).state).toBe("live");
});

test("where the proxy's port is taken apps are served from another", async () => {
  await using it = await Installation.make();
  await using _other = await take(it.proxyPort);
  await it.startAgent();
  expect((await it.deployAndFollow(it.app("one"))).state).toBe("live");
  expect(await get(await it.address("one"))).toEqual({ status: 200, body: "v1" });
  const { url } = await it.environment("one");
  expect(new URL(url ?? "").port).not.toBe(String(it.proxyPort));
});

test("databases of a newer version are refused and left as they are", async () => {
  await using it = await Installation.start();
  await it.deployAndFollow(it.app("one"));
  await using probe = new Probe(await it.address("one"));
  await it.stopAgent();
  for (const file of [it.paths.database, it.paths.events]) {
    const known = setSchema(file, 99);
    const refused = await it.tryAgent();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("written by a newer CloudSmith");
    expect(setSchema(file, known)).toBe(99);
  }
  await it.startAgent();
  expect((await it.environment("one")).liveDeployment?.state).toBe("live");
  await probe.stop();
  expect(probe.failures, "the keeper goes on meanwhile").toEqual([]);
});

/** Changes the schema's number and gives the one before. */
function setSchema(file: string, version: number): number {
  using database = new DatabaseSync(file);
  const before = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  database.exec(`PRAGMA user_version = ${version}`);
  return before;
}

test("an agent that is upgraded under load loses no request", async () => {
  await using it = await Installation.start();
  await it.deployAndFollow(it.app("one"));
  await using probe = new Probe(await it.address("one"), (body) => body === "v1");
  for (let upgrade = 0; upgrade < 3; upgrade++) {
    await it.stopAgent();
    const answered = probe.answers;
    await waitFor("answers while no agent runs", () => probe.answers > answered + 5);
    await it.startAgent();
  }
  await probe.stop();
  expect(probe.failures).toEqual([]);
});

test("after a reboot the live releases come back when the agent starts", async () => {
  await using it = await Installation.start();
  const apps = [it.app("one"), it.app("two")];
  const live = [];
  for (const app of apps) live.push(await it.deployAndFollow(app));
  const addresses = await Promise.all(apps.map((app) => it.address(app.name)));
  await it.killAgent();
  for (const { pid, argv } of it.processes()) if (!argv.includes("guard-process.ts")) process.kill(pid, "SIGKILL");
  await waitFor("all of it to be gone", () => it.processes().length === 0);
  rmSync(`${it.paths.keeper}/keeper.sock`, { force: true });
  await it.startAgent();
  for (const address of addresses) {
    await waitFor("the app to answer at its old address", async () => {
      const answer = await get(address);
      return typeof answer !== "string" && answer.body === "v1";
    });
  }
  await expectNothingLeft(
    it,
    live.map((each) => each.releaseId ?? ""),
  );
});
