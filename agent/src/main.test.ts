import { freePort, startGuarded, tempDir, waitFor } from "@cloudsmith/testkit";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { createAgentClient } from "./client.ts";
import { readConnection } from "./compose/connection-file.ts";
import { connectAgent } from "./connect.ts";
import { pathsOf, type Paths } from "./paths.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** Command lines of keepers that run on a data folder. */
function keepersOf(home: string): string[] {
  const lines = readdirSync("/proc").map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      // No process, or one that has just ended.
      return "";
    }
  });
  return lines.filter((line) => line.includes(home) && line.includes("keeper"));
}

async function agentIn(home: string, log: string) {
  const args = [main, "--data", home, "--port", String(await freePort()), "--proxy-port", String(await freePort())];
  const guarded = startGuarded(process.execPath, args, { log });
  const connection = await waitFor(
    "the agent is ready",
    async () => {
      if (guarded.ended) throw new Error(log === "/dev/full" ? "It ended" : readFileSync(log, "utf8"));
      const found = await readConnection(pathsOf(home).connection);
      return found !== undefined && (await fetch(`${found.url}/api/system/info`)).ok ? found : undefined;
    },
    { timeoutMs: 60_000 },
  );
  return { guarded, connection };
}

async function stopped(paths: Paths): Promise<void> {
  await waitFor("it has stopped", async () => (await readConnection(paths.connection)) === undefined, {
    timeoutMs: 30_000,
  });
}

test("an agent whose log cannot be written works on", { timeout: 90_000 }, async () => {
  await using dir = await tempDir();
  const { guarded, connection } = await agentIn(dir.file("home"), "/dev/full");
  const client = createAgentClient(connection);
  // An error that is logged: the body is no JSON.
  for (let request = 0; request < 3; request++)
    await fetch(`${connection.url}/api/projects`, {
      method: "POST",
      body: "{",
      headers: { authorization: `Bearer ${connection.token}` },
    });
  expect(await client.system.info()).toMatchObject({ mode: "embedded" });
  await client.system.shutdown({ apps: "stop" });
  await guarded.exited;
});

test(
  "an agent keeps its token to its owner and over restarts, is alone, and ends when it is asked to",
  { timeout: 90_000 },
  async () => {
    await using dir = await tempDir();
    const home = dir.file("home");
    const first = await agentIn(home, dir.file("log"));
    expect(statSync(pathsOf(home).connection).mode & 0o777).toBe(0o600);
    expect(statSync(pathsOf(home).token).mode & 0o777).toBe(0o600);
    expect(statSync(home).mode & 0o777).toBe(0o700);

    const second = startGuarded(process.execPath, [main, "--data", home], { log: dir.file("second.log") });
    await second.exited;
    expect(readFileSync(dir.file("second.log"), "utf8")).toContain("Another agent runs for this data folder");

    process.kill(first.connection.pid, "SIGTERM");
    await first.guarded.exited;
    expect(await readConnection(pathsOf(home).connection)).toBeUndefined();

    const again = await agentIn(home, dir.file("log"));
    expect(again.connection.token).toBe(first.connection.token);
    const client = createAgentClient(again.connection);
    expect((await client.auth.sessions()).filter((each) => each.kind === "token")).toHaveLength(1);
    await client.system.shutdown({ apps: "stop" });
    await again.guarded.exited;
    expect(keepersOf(home), "a keeper that was just being started ends too").toEqual([]);
    expect(readFileSync(dir.file("log"), "utf8")).not.toMatch(/"level":50/);
  },
);

test("a log that grew long is put aside at the next start", { timeout: 90_000 }, async () => {
  await using dir = await tempDir();
  const paths = pathsOf(dir.file("home"));
  const { client } = await connectAgent({ start: true, paths, signal: AbortSignal.timeout(60_000) });
  try {
    expect(await client.system.info()).toMatchObject({ mode: "embedded" });
  } finally {
    await client.system.shutdown({ apps: "stop" });
  }
  await stopped(paths);
  writeFileSync(paths.agentLog, "");
  truncateSync(paths.agentLog, 11 * 1024 * 1024);
  const again = await connectAgent({ start: true, paths, signal: AbortSignal.timeout(60_000) });
  await again.client.system.shutdown({ apps: "stop" });
  await stopped(paths);
  expect(statSync(paths.agentLog).size).toBeLessThan(1024 * 1024);
  expect(statSync(`${paths.agentLog}.1`).size).toBe(11 * 1024 * 1024);
});

test(
  "the token of one deployment goes neither to the agent nor to the keeper that a command starts",
  { timeout: 90_000 },
  async () => {
    await using dir = await tempDir();
    const paths = pathsOf(dir.file("home"));
    vi.stubEnv("CLOUDSMITH_GIT_TOKEN", "canary-4711");
    const { client, connection } = await connectAgent({ start: true, paths, signal: AbortSignal.timeout(60_000) });
    try {
      const pids = await waitFor("the keeper runs", async () => {
        const keeper = (await client.system.doctor()).find(({ name }) => name === "keeper");
        const pid = /Process (\d+)/.exec(keeper?.message ?? "")?.[1];
        return pid === undefined ? undefined : [connection.pid, Number(pid)];
      });
      for (const pid of pids) expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain("canary-4711");
    } finally {
      vi.unstubAllEnvs();
      await client.system.shutdown({ apps: "stop" });
      await stopped(paths);
    }
  },
);

test(
  "an agent that is told to stop ends while a request hangs and a stream is followed",
  { timeout: 90_000 },
  async () => {
    await using dir = await tempDir();
    const { guarded, connection } = await agentIn(dir.file("home"), dir.file("log"));
    const { hostname, port } = new URL(connection.url);
    await waitFor("the keeper runs", async () => {
      const checks = await createAgentClient(connection).system.doctor();
      return /Process \d+/.test(checks.find(({ name }) => name === "keeper")?.message ?? "");
    });
    const hanging = connect(Number(port), hostname);
    hanging.on("error", () => undefined);
    await once(hanging, "connect");
    hanging.write("POST /api/projects HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{");
    const reading = new AbortController();
    const stream = await createAgentClient(connection).live.open({ subscriptions: [] }, { signal: reading.signal });
    const followed = (async () => {
      for await (const _ of stream);
    })().catch(() => undefined);
    await createAgentClient(connection).system.shutdown({ apps: "stop" });
    await waitFor("it has ended", async () => guarded.ended, { timeoutMs: 30_000 });
    hanging.destroy();
    reading.abort();
    await followed;
    expect(keepersOf(dir.file("home"))).toEqual([]);
  },
);
