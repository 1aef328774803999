import { openFileBlobs } from "@cloudsmith/blobs";
import { newId, type Environment } from "@cloudsmith/contracts";
import { keyFile, openFileSecrets } from "@cloudsmith/secrets";
import { openSqliteStore, type SystemStore } from "@cloudsmith/store";
import { tempDir, type TempDir } from "@cloudsmith/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Keeper } from "./keeper-client.ts";
import { LocalTarget } from "./local-target.ts";
import type { KeeperDesired, KeeperStatus } from "./protocol.ts";

const teamId = "team_local";
const many = 300;
let dir: TempDir;
let store: SystemStore;
let stop: AbortController;
let environments: Environment[];
/** What the keeper was told, in order. */
let told: KeeperDesired[];
let isReachable: boolean;
let reads: number;

beforeEach(async () => {
  dir = await tempDir();
  stop = new AbortController();
  [told, reads, isReachable] = [[], 0, true];
  store = openSqliteStore({ file: dir.file("store.db") });
  environments = Array.from({ length: many }, (_, index) => ({
    id: newId("environment"),
    teamId,
    projectId: newId("project"),
    name: "production",
    host: `app-${index}`,
    target: "local",
    sequence: 0,
    live: null,
    desired: "running",
    automaticDeployments: "on",
    variables: {},
    secrets: {},
    createdAt: "2030-01-01T00:00:00.000Z",
  }));
  for (const value of environments) await store.commit({ puts: [{ entity: "environment", value, if: "absent" }] });
});
afterEach(async () => {
  stop.abort();
  await store.close();
  await dir[Symbol.asyncDispose]();
});

/** A keeper that only remembers what it was told: what runs is of no concern here. */
function memory(): Keeper {
  const status = (): KeeperStatus => ({
    pid: 1,
    startedAt: "2030-01-01T00:00:00.000Z",
    version: 1,
    generation: told.at(-1)?.generation ?? null,
    proxyPort: 7070,
    releases: [],
    routes: [],
  });
  return {
    apply: async (desired) => {
      await Promise.resolve();
      if (!isReachable) throw new Error("the connection broke");
      told.push(desired);
      return status();
    },
    status: () => Promise.resolve(status()),
    metrics: () => Promise.resolve([]),
    async *watch(signal) {
      yield status();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    },
    shutdown: () => Promise.resolve(),
  };
}

async function targetOf(): Promise<LocalTarget> {
  const counted = new Proxy(store, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name);
      if (name === "get" || name === "scan" || name === "list") reads += 1;
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
  const target = new LocalTarget({
    store: counted,
    secrets: openFileSecrets({ dir: dir.file("secrets"), keyProvider: keyFile(dir.file("key")) }),
    blobs: openFileBlobs({ dir: dir.file("blobs") }),
    dir: dir.file("apps"),
    cacheDir: dir.file("cache"),
    connectKeeper: () => Promise.resolve(memory()),
    signal: stop.signal,
    onError: () => undefined,
  });
  await target.converge();
  return target;
}

async function stopEnvironment(index: number, desired: Environment["desired"] = "stopped"): Promise<Environment> {
  const found = environments[index];
  if (found === undefined) throw new Error("there are fewer environments");
  const value = { ...found, desired };
  await store.commit({ puts: [{ entity: "environment", value, if: "present" }] });
  return value;
}

const stateOf = (environment: Environment): unknown =>
  told.at(-1)?.routes.find((route) => route.environmentId === environment.id)?.state;

test("a change of one environment costs a few reads, however many there are, and reaches the keeper", async () => {
  const target = await targetOf();
  const changed = await stopEnvironment(7);
  reads = 0;
  await target.converge(changed);
  expect(reads).toBeLessThan(6);
  expect(stateOf(changed)).toBe("stopped");
  expect(told.at(-1)?.routes).toHaveLength(many);
});

test("where nothing changed the keeper is told nothing", async () => {
  const target = await targetOf();
  const before = told.length;
  await target.converge();
  await target.converge(environments[3]);
  await target.catchUp();
  expect(told).toHaveLength(before);
});

test("a call that comes at any moment of another one is not lost", async () => {
  const target = await targetOf();
  for (let ticks = 0; ticks < 120; ticks++) {
    const running = target.converge(environments[0]);
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    const desired = ticks % 2 === 0 ? "stopped" : "running";
    const changed = await stopEnvironment(1, desired);
    await Promise.all([running, target.converge(changed)]);
    expect(stateOf(changed)).toBe(desired === "stopped" ? "stopped" : "deploying");
  }
});

test("what the keeper could not be told is told when it can be", async () => {
  const target = await targetOf();
  const changed = await stopEnvironment(9);
  isReachable = false;
  await expect(target.converge(changed)).rejects.toThrow("the connection broke");
  isReachable = true;
  await target.catchUp();
  expect(stateOf(changed)).toBe("stopped");
});
