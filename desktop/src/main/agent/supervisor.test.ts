import { apiVersion } from "@cloudsmith/contracts/api";
import { expect, test, vi } from "vitest";
import type { AgentStatus } from "../../bridge.ts";
import { AgentDouble } from "../testing/agent.ts";
import { spawnAgent } from "./spawn-agent.ts";
import { AgentSupervisor } from "./supervisor.ts";

interface Watched {
  readonly supervisor: AgentSupervisor;
  readonly seen: AgentStatus[];
  [Symbol.dispose](): void;
}

function watch(agent: AgentDouble, given: { isIdle?: () => boolean; drained?: () => Promise<void> } = {}): Watched {
  const supervisor = new AgentSupervisor({
    home: agent.home,
    program: agent.program,
    apiVersion,
    isIdle: () => true,
    signIn: async (connection) => connection,
    drained: async () => undefined,
    ...given,
  });
  const seen: AgentStatus[] = [];
  supervisor.onStatus((status) => seen.push(status));
  void supervisor.run();
  return { supervisor, seen, [Symbol.dispose]: () => supervisor.close() };
}

/** Starts one as somebody else would, such as the command line; its process once it answers. */
async function running(agent: AgentDouble): Promise<number> {
  spawnAgent(agent.program, agent.home);
  return vi.waitFor(async () => {
    const pid = await agent.pid();
    if (pid === undefined) throw new Error("It does not run yet");
    return pid;
  }, 10_000);
}

const wait = { timeout: 15_000, interval: 20 };

test("where none runs one is started, and outlives whoever started it", async () => {
  await using agent = new AgentDouble();
  using watched = watch(agent);
  const { pid } = await watched.supervisor.connection();
  watched.supervisor.close();
  expect(process.kill(pid, 0)).toBe(true);
});

test("one that runs is used", async () => {
  await using agent = new AgentDouble();
  const pid = await running(agent);
  using watched = watch(agent);
  expect((await watched.supervisor.connection()).pid).toBe(pid);
});

test("one that is killed is started again after a pause, with the end of its log told", async () => {
  await using agent = new AgentDouble();
  using watched = watch(agent);
  const { pid } = await watched.supervisor.connection();
  process.kill(pid, "SIGKILL");
  await vi.waitFor(
    () => expect(watched.seen).toContainEqual({ state: "restarting", log: ["starting good"], inMs: 500 }),
    wait,
  );
  expect((await watched.supervisor.connection()).pid).not.toBe(pid);
});

test("one that was stopped on purpose stays stopped until a person or somebody else starts it", async () => {
  await using agent = new AgentDouble();
  using watched = watch(agent);
  const { url, pid } = await watched.supervisor.connection();
  await fetch(`${url}/api/system/shutdown`, { method: "POST" });
  await vi.waitFor(() => expect(watched.supervisor.status.state).toBe("stopped"), wait);
  await expect(watched.supervisor.connection()).rejects.toMatchObject({ code: "agent-unreachable" });
  watched.supervisor.retry();
  await vi.waitFor(() => expect(watched.supervisor.status.state).toBe("running"), wait);
  expect((await watched.supervisor.connection()).pid).not.toBe(pid);
});

test("one that ends at once is tried again by itself, and again when a person asks", async () => {
  await using agent = new AgentDouble();
  agent.next({ mode: "broken" });
  using watched = watch(agent);
  const pauses = (): number[] => watched.seen.flatMap((status) => (status.state === "restarting" ? [status.inMs] : []));
  await vi.waitFor(() => expect(pauses()).toEqual([500, 1000]), wait);
  await expect(watched.supervisor.connection(100)).rejects.toMatchObject({ code: "agent-unreachable" });
  agent.next({});
  watched.supervisor.retry();
  await vi.waitFor(() => expect(watched.supervisor.status.state).toBe("running"), wait);
});

test("a program that is not there is told at once", async () => {
  await using agent = new AgentDouble();
  const missing = { ...agent.program, node: "/nowhere/node" };
  const supervisor = new AgentSupervisor({
    home: agent.home,
    program: missing,
    apiVersion,
    isIdle: () => true,
    signIn: async (connection) => connection,
    drained: async () => undefined,
  });
  void supervisor.run();
  await vi.waitFor(
    () => expect(supervisor.status).toMatchObject({ state: "failed", fix: expect.stringContaining("/nowhere/node") }),
    wait,
  );
  supervisor.close();
});

test("an older one is replaced once nothing is being deployed and what is under way has ended", async () => {
  await using agent = new AgentDouble("0.2.0");
  agent.next({ version: "0.1.0" });
  const older = await running(agent);
  agent.next({});
  const order: string[] = [];
  let idle = false;
  using watched = watch(agent, { isIdle: () => idle, drained: async () => void order.push("drained") });
  watched.supervisor.onStatus(({ state }) => order.push(state));
  expect((await watched.supervisor.connection()).pid).toBe(older);
  expect(order).not.toContain("replacing");
  idle = true;
  await vi.waitFor(async () => expect(await agent.pid()).not.toBe(older), wait);
  await vi.waitFor(() => expect(watched.supervisor.status).toEqual({ state: "running", version: "0.2.0" }), wait);
  expect(order.slice(order.indexOf("replacing"))).toEqual(["replacing", "drained", "starting", "running"]);
});

test("one that does not speak our version of the API is replaced at once; a newer one asks for a newer app", async () => {
  await using agent = new AgentDouble("0.2.0");
  agent.next({ version: "0.1.0", api: apiVersion - 1 });
  await running(agent);
  agent.next({});
  using watched = watch(agent, { isIdle: () => false });
  expect((await watched.supervisor.connection()).version).toBe("0.2.0");
  await using newer = new AgentDouble();
  newer.next({ version: "9.0.0", api: apiVersion + 1 });
  await running(newer);
  using refused = watch(newer);
  await vi.waitFor(
    () =>
      expect(refused.supervisor.status).toMatchObject({ state: "failed", message: expect.stringContaining("newer") }),
    wait,
  );
});
